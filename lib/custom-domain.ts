import { DeployOptionError } from './deploy-option-error.ts';

/** A name of our own for the API, and the certificate that says that it is ours. */
export interface CustomDomain {
  readonly name: string;
  /** Of AWS Certificate Manager, in the stack's region. */
  readonly certificateArn: string;
}

/** Half of a custom domain was given, or what is none. */
export class CustomDomainError extends DeployOptionError {
  override readonly name = 'CustomDomainError';
}

const NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const CERTIFICATE = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

/**
 * The custom domain of a deploy, which may be told another than the stage has; `undefined` when
 * there is none.
 *
 * @param region where the deploy goes, if that is known
 * @throws {CustomDomainError}
 */
export function customDomain(
  ofStage: CustomDomain | undefined,
  told: { readonly domain?: string; readonly certificateArn?: string } = {},
  region?: string,
): CustomDomain | undefined {
  const { domain: name = ofStage?.name, certificateArn = ofStage?.certificateArn } = told;
  if (name === undefined && certificateArn === undefined) return undefined;
  if (name === undefined || certificateArn === undefined) {
    throw new CustomDomainError(
      'A name needs a certificate, and a certificate a name: -c domain=api.example.com -c certificateArn=arn:aws:acm:…',
    );
  }
  if (!NAME.test(name)) {
    throw new CustomDomainError(`"${name}" is no name of a host, such as api.example.com.`);
  }
  const [, ofRegion] = CERTIFICATE.exec(certificateArn) ?? [];
  if (!ofRegion) {
    throw new CustomDomainError(
      `"${certificateArn}" is no ARN of a certificate, such as arn:aws:acm:eu-central-1:123456789012:certificate/….`,
    );
  }
  if (region && ofRegion !== region) {
    throw new CustomDomainError(
      `The certificate is of ${ofRegion}, and the deploy goes to ${region}, where API Gateway takes none but its own: -c certificateArn=… names one of ${region}, AWS_REGION another region.`,
    );
  }
  return { name, certificateArn };
}
