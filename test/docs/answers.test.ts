import { describe, expect, it } from 'vitest';
import { contractFaults, type SeenAnswer } from '../helpers/contract/faults.ts';

/** By it tests hold every answer of a service or a function to docs/openapi.json. */
describe('contractFaults', () => {
  const WHOAMI = {
    user: 'test_seller',
    key_id: 'k3f9x2m8q1zd',
    scopes: ['orders:read'],
    expires_at: null,
  };
  const PROBLEM = {
    type: '/api/docs#status-401',
    title: 'Unauthorized',
    status: 401,
    detail: 'This key has expired.',
    request_id: 'JKJaXmPLvHcESHA=',
  };

  function faultsOf(body: object | string, fields: Partial<SeenAnswer> = {}): string[] {
    const { status = 200, headers } = fields;
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    return contractFaults({
      method: 'GET',
      path: '/api/whoami',
      ...fields,
      status,
      headers: { 'content-type': type, 'apigw-requestid': 'id', ...headers },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    });
  }

  it('finds none in what is documented, by the service or by API Gateway', () => {
    expect(faultsOf(WHOAMI)).toEqual([]);
    expect(faultsOf(PROBLEM, { status: 401, headers: { 'www-authenticate': 'Bearer' } })).toEqual(
      [],
    );
    expect(
      faultsOf(
        { message: 'Unauthorized' },
        { status: 401, headers: { 'content-type': 'application/json' } },
      ),
    ).toEqual([]);
    expect(faultsOf({ message: 'Not Found' }, { path: '/api/nothing', status: 404 })).toEqual([]);
    expect(faultsOf('<html>', { path: '/admin/orders' })).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['a status', faultsOf('', { status: 418 })],
    ['a field', faultsOf({ ...WHOAMI, more: 1 })],
    ['a value', faultsOf({ ...WHOAMI, scopes: ['orders:burn'] })],
    ['another type', faultsOf(WHOAMI, { headers: { 'content-type': 'text/plain' } })],
    ['a header', faultsOf(WHOAMI, { headers: { 'x-more': '1' } })],
    ["a problem's type", faultsOf({ ...PROBLEM, type: 'about:blank' }, { status: 401 })],
  ])('names %s that is not documented', (_what, faults) => {
    expect(faults).not.toEqual([]);
  });

  it.each<[string, string[]]>([
    ['a field', faultsOf({ ...WHOAMI, user: undefined })],
    ['the id of the request', faultsOf(WHOAMI, { headers: { 'apigw-requestid': undefined } })],
    ['the header that says how to come in', faultsOf(PROBLEM, { status: 401 })],
  ])('names %s that is missing', (_what, faults) => {
    expect(faults).not.toEqual([]);
  });

  it('names what no route answers in other words than API Gateway', () => {
    expect(faultsOf({ error: 'Not Found' }, { path: '/api/nothing', status: 404 })).not.toEqual([]);
  });
});
