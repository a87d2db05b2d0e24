import {
  ApiMapping,
  DomainName,
  type HttpApi,
  type IHttpStage,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import type { CustomDomain } from '../custom-domain.ts';

export interface ApiDomainProps extends CustomDomain {
  readonly httpApi: HttpApi;
  readonly stage: IHttpStage;
}

/** A name of our own for the API, beside API Gateway's. DNS has to lead it to `target`. */
export class ApiDomain extends Construct {
  readonly target: string;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const domainName = new DomainName(this, 'Name', {
      domainName: props.name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new ApiMapping(this, 'Mapping', { api: props.httpApi, domainName, stage: props.stage });
    this.target = domainName.regionalDomainName;
  }
}
