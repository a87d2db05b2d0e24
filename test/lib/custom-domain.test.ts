import { describe, expect, it } from 'vitest';
import { customDomain } from '../../lib/custom-domain.ts';

const NAME = 'api.example.com';
const CERTIFICATE =
  'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666';

describe('customDomain', () => {
  it('is a name with its certificate, or nothing', () => {
    expect(customDomain(NAME, CERTIFICATE)).toEqual({ name: NAME, certificateArn: CERTIFICATE });
    expect(customDomain(undefined, undefined)).toBeUndefined();
  });

  it.each([
    [NAME, undefined],
    [undefined, CERTIFICATE],
  ])('refuses one without the other: %s, %s', (name, certificateArn) => {
    expect(() => customDomain(name, certificateArn)).toThrow('A name needs a certificate');
  });

  it.each([
    '',
    'example',
    'https://api.example.com',
    'api.example.com/',
    'API.example.com',
    '-a.example.com',
  ])('refuses what is no name: "%s"', (name) => {
    expect(() => customDomain(name, CERTIFICATE)).toThrow(`"${name}" is no name of a host`);
  });

  it.each([
    '',
    '0a1b2c3d',
    'arn:aws:iam::123456789012:server-certificate/name',
  ])('refuses what is no certificate: "%s"', (certificateArn) => {
    expect(() => customDomain(NAME, certificateArn)).toThrow('is no ARN of a certificate');
  });
});
