import type { Service } from '../local/service/service.ts';

/** Runs the upload function by itself, without a gateway. @throws when it does not answer 200 */
export function invokeUpload(service: Service, seller: string) {
  const fn = service.app.functions.find(
    ({ codeDir, environment }) => codeDir && environment.POWERTOOLS_SERVICE_NAME === 'upload',
  );
  if (!fn) throw new Error('The app has no upload function.');
  return async (body: string) => {
    const invocation = await service.invoke(fn, {
      routeKey: 'POST /api/orders/upload',
      body,
      headers: { 'content-type': 'application/json' },
      isBase64Encoded: false,
      requestContext: {
        requestId: 'bench',
        authorizer: { lambda: { seller, key_id: 'bench', scopes: 'orders:write' } },
      },
    });
    if (!invocation.ok || JSON.parse(invocation.json).statusCode !== 200) {
      throw new Error(JSON.stringify(invocation).slice(0, 500));
    }
    return invocation;
  };
}
