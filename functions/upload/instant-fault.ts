import { daysIn } from './instant.ts';

/** Which part of a text that `canonicalInstant` refuses is wrong, as the end of a sentence. */
export function instantFault(text: string): string {
  const date = /^(\d{4})-(\d\d)-(\d\d)(.*)$/s.exec(text);
  if (!date) return 'it does not begin with a date such as 2025-11-12';
  const [, year = '', month = '', day = '', afterDate = ''] = date;
  const days = daysIn(Number(year), Number(month));
  if (days === 0) return `there is no month ${month}`;
  if (Number(day) < 1 || Number(day) > days) return `${year}-${month} has no day ${day}`;
  if (afterDate === '') return 'the time is missing';
  if (!/^T/i.test(afterDate)) return 'between the date and the time must be a T';
  return timeFault(afterDate.slice(1));
}

function timeFault(text: string): string {
  const time = /^(\d\d):(\d\d)(?::(\d\d))?(.*)$/s.exec(text);
  if (!time) return 'its time is not like 10:00:00';
  const [, hour = '', minute = '', second, afterTime = ''] = time;
  if (Number(hour) > 23) return `there is no hour ${hour}`;
  if (Number(minute) > 59) return `there is no minute ${minute}`;
  if (second === undefined) return 'the seconds are missing';
  if (Number(second) === 60) return 'leap seconds are not taken, and it has a second 60';
  if (Number(second) > 59) return `there is no second ${second}`;
  const [, fraction = '', offset = ''] = /^(\.\d+)?(.*)$/s.exec(afterTime) ?? [];
  if (fraction === '' && /^[.,]/.test(offset)) return 'a fraction of a second is not like .123';
  return offsetFault(offset);
}

function offsetFault(text: string): string {
  if (text === '') return 'the offset is missing, which is Z for UTC or such as +03:00';
  const offset = /^(?:Z|[+-](\d\d):(\d\d))$/i.exec(text);
  if (!offset) return 'its offset is neither Z nor like +03:00';
  const [, hours = '00', minutes = '00'] = offset;
  if (Number(hours) > 23 || Number(minutes) > 59) return `there is no offset ${text}`;
  return 'in UTC its year is not one of 1970 to 9999';
}
