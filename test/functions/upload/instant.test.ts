import { describe, expect, it } from 'vitest';
import { canonicalInstant } from '../../../functions/upload/instant.ts';
import { instantFault } from '../../../functions/upload/instant-fault.ts';

describe('canonicalInstant', () => {
  it.each([
    ['2025-11-12T10:00:00Z', '2025-11-12T10:00:00.000000Z'],
    ['2025-11-12t10:00:00z', '2025-11-12T10:00:00.000000Z'],
    ['2025-11-12T10:00:00+03:00', '2025-11-12T07:00:00.000000Z'],
    ['2025-11-12T23:30:00-01:00', '2025-11-13T00:30:00.000000Z'],
    ['2025-11-12T10:00:00-00:00', '2025-11-12T10:00:00.000000Z'],
    ['2025-11-12T10:00:00.5Z', '2025-11-12T10:00:00.500000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000Z'],
    ['1969-12-31T23:00:00-02:00', '1970-01-01T01:00:00.000000Z'],
    ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(canonicalInstant(text)).toBe(instant);
  });

  it('cuts digits beyond microseconds off, so that the day stays', () => {
    const cut = '2025-11-12T23:59:59.999999Z';
    expect(canonicalInstant('2025-11-12T23:59:59.999999999Z')).toBe(cut);
    expect(canonicalInstant('2025-11-12T23:59:59.9999999999Z')).toBe(cut);
    expect(canonicalInstant(`2025-11-13T01:59:59.999999${'9'.repeat(100)}+02:00`)).toBe(cut);
  });

  it.each([
    '2025-02-29T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-01-00T00:00:00Z',
    '2025-01-01T24:00:00Z',
    '2025-01-01T00:60:00Z',
    '2016-12-31T23:59:60Z',
    '2025-01-01T00:00:00',
    '2025-01-01 00:00:00Z',
    '2025-01-01T00:00:00+24:00',
    '2025-01-01T00:00:00+0300',
    '2025-01-01',
    '1969-12-31T23:59:59Z',
    '9999-12-31T23:30:00-01:00',
    '0050-01-01T00:00:00Z',
    '+12025-01-01T00:00:00Z',
    '',
    'yesterday',
  ])('refuses %j', (text) => {
    expect(canonicalInstant(text)).toBeUndefined();
  });
});

describe('instantFault', () => {
  it.each([
    ['12.11.2025', 'it does not begin with a date such as 2025-11-12'],
    ['1762941600', 'it does not begin with a date such as 2025-11-12'],
    ['', 'it does not begin with a date such as 2025-11-12'],
    ['2025-13-01T00:00:00Z', 'there is no month 13'],
    ['2025-02-29T00:00:00Z', '2025-02 has no day 29'],
    ['2025-01-00T00:00:00Z', '2025-01 has no day 00'],
    ['2025-11-12', 'the time is missing'],
    ['2025-11-12 10:00:00Z', 'between the date and the time must be a T'],
    ['2025-11-12T10.00.00Z', 'its time is not like 10:00:00'],
    ['2025-11-12T24:00:00Z', 'there is no hour 24'],
    ['2025-11-12T10:60:00Z', 'there is no minute 60'],
    ['2025-11-12T10:00Z', 'the seconds are missing'],
    ['2016-12-31T23:59:60Z', 'leap seconds are not taken, and it has a second 60'],
    ['2016-12-31T23:59:61Z', 'there is no second 61'],
    ['2025-11-12T10:00:00,5Z', 'a fraction of a second is not like .123'],
    ['2025-11-12T10:00:00', 'the offset is missing, which is Z for UTC or such as +03:00'],
    ['2025-11-12T10:00:00.5', 'the offset is missing, which is Z for UTC or such as +03:00'],
    ['2025-11-12T10:00:00+0300', 'its offset is neither Z nor like +03:00'],
    ['2025-11-12T10:00:00Z ', 'its offset is neither Z nor like +03:00'],
    ['2025-11-12T10:00:00+24:00', 'there is no offset +24:00'],
    ['9999-12-31T23:30:00-01:00', 'in UTC its year is not one of 1970 to 9999'],
    ['1969-12-31T23:59:59Z', 'in UTC its year is not one of 1970 to 9999'],
  ])('says of %j: %s', (text, fault) => {
    expect(canonicalInstant(text)).toBeUndefined();
    expect(instantFault(text)).toBe(fault);
  });
});
