import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../lib/app.ts';
import { ApiDomain } from '../../../lib/constructs/api-domain.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('ApiDomain', () => {
  const outdir = temporaryFolder();

  it('names the API, over TLS 1.2 at least, and says where DNS has to lead', () => {
    const stack = new Stack(createApp({ outdir }), 'Stack');
    const httpApi = new HttpApi(stack, 'Api', { createDefaultStage: false });
    const stage = new HttpStage(stack, 'Stage', { httpApi });
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1';
    const { target } = new ApiDomain(stack, 'Domain', {
      ...{ name: 'api.example.com', certificateArn, httpApi, stage },
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'api.example.com',
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    const [nameId] = Object.keys(template.findResources('AWS::ApiGatewayV2::DomainName'));
    const [stageId] = Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'));
    template.hasResource('AWS::ApiGatewayV2::ApiMapping', {
      Properties: {
        DomainName: { Ref: nameId },
        ApiId: stack.resolve(httpApi.apiId),
        Stage: '$default',
      },
      DependsOn: [stageId],
    });
    expect(stack.resolve(target)).toEqual({ 'Fn::GetAtt': [nameId, 'RegionalDomainName'] });
  });
});
