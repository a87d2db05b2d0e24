import { describe, expect, it } from 'vitest';
import { customDomain } from '../../lib/custom-domain.ts';

const NAME = 'api.example.com';
const CERTIFICATE =
  'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666';

const told = (domain?: string, certificateArn?: string) =>
  customDomain(undefined, { domain, certificateArn });

describe('customDomain', () => {
  it('is a name with its certificate, or nothing', () => {
    expect(told(NAME, CERTIFICATE)).toEqual({ name: NAME, certificateArn: CERTIFICATE });
    expect(customDomain(undefined)).toBeUndefined();
  });

  it('is the one of the stage, unless the deploy is told another', () => {
    const ofStage = { name: NAME, certificateArn: CERTIFICATE };
    expect(customDomain(ofStage)).toEqual(ofStage);
    expect(customDomain(ofStage, { domain: 'new.example.com' })).toEqual({
      ...ofStage,
      name: 'new.example.com',
    });
    expect(() => customDomain({ ...ofStage, name: 'https://' })).toThrow('is no name of a host');
  });

  it.each([
    [NAME, undefined],
    [undefined, CERTIFICATE],
  ])('refuses one without the other: %s, %s', (name, certificateArn) => {
    expect(() => told(name, certificateArn)).toThrow('A name needs a certificate');
  });

  it.each([
    '',
    'example',
    'https://api.example.com',
    'api.example.com/',
    'API.example.com',
    '-a.example.com',
  ])('refuses what is no name: "%s"', (name) => {
    expect(() => told(name, CERTIFICATE)).toThrow(`"${name}" is no name of a host`);
  });

  it.each([
    '',
    '0a1b2c3d',
    'arn:aws:iam::123456789012:server-certificate/name',
  ])('refuses what is no certificate: "%s"', (certificateArn) => {
    expect(() => told(NAME, certificateArn)).toThrow('is no ARN of a certificate');
  });

  it('refuses a certificate of another region than the one where the deploy goes', () => {
    const ofStage = { name: NAME, certificateArn: CERTIFICATE };
    expect(customDomain(ofStage, {}, 'eu-central-1')).toEqual(ofStage);
    expect(() => customDomain(ofStage, {}, 'eu-west-1')).toThrow(
      'The certificate is of eu-central-1, and the deploy goes to eu-west-1, where API Gateway takes none but its own: -c certificateArn=… names one of eu-west-1',
    );
  });
});
