import type {
  LocalAuthorization,
  LocalFunction,
  LocalHttpApi,
  LocalRoute,
} from '../../../local/cloud-assembly/model.ts';

/** A function in which only its name matters. */
export function fn(name: string): LocalFunction {
  return {
    logicalId: name,
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    aliases: [],
    codeDir: '/nowhere',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    timeoutSeconds: 29,
    memorySizeMb: 128,
    logGroup: `/aws/lambda/${name}`,
    environment: {},
    asyncInvoke: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: undefined },
  };
}

/** A route whose function is called like its key. */
export function route(
  routeKey: string,
  authorization: LocalAuthorization = { type: 'NONE' },
  throttle?: LocalRoute['throttle'],
): LocalRoute {
  return { routeKey, function: fn(routeKey), authorization, throttle };
}

export function httpApi(...routes: LocalRoute[]): LocalHttpApi {
  return { id: 'abcdefghij', name: 'test', stage: '$default', routes };
}
