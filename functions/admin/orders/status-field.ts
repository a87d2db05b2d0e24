import type { OrderCounts } from '../../../db/admin/order-counts.ts';
import { MAX_STATUSES } from '../../../db/admin/order-counts.ts';
import { about, count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { ListInput } from './input.ts';

/** A status that may be chosen, and how many orders have it as people read that. */
export interface OfferedStatus {
  readonly status: string;
  readonly orders?: string;
}

/**
 * The statuses of the period, whichever of them is asked for.
 *
 * @param isCountable whether the filter asks only for what is counted
 */
export function offeredStatuses(
  { statuses, isExact }: OrderCounts,
  isCountable: boolean,
): OfferedStatus[] {
  return statuses
    .filter(({ status }) => status !== '') // an address cannot ask for it
    .map(({ status, count: orders }) => ({
      status,
      ...(isCountable &&
        orders !== undefined && { orders: isExact ? count(orders) : `≈ ${about(orders)}` }),
    }));
}

/**
 * A box for each status, those that are asked for ticked in any case; where there may be more, also
 * a field for another.
 */
export function statusField(
  { typed: { status: typed = [] }, errors }: ListInput,
  offered: readonly OfferedStatus[],
): Html | false {
  const inLower = new Set(typed.map(lower));
  const known = new Set(offered.map(({ status }) => lower(status)));
  const boxes: OfferedStatus[] = [
    ...offered,
    ...typed.filter((status) => !known.has(lower(status))).map((status) => ({ status })),
  ];
  if (boxes.length === 0) return false;
  return html`<fieldset class="statuses"${errors.status && html` aria-describedby="status-error"`}><legend>Status</legend>
${boxes.map(
  ({ status, orders }) =>
    html`<label class="check"><input type="checkbox" name="status" value="${status}"${inLower.has(lower(status)) && html` checked`}> ${status}${orders !== undefined && html` <span class="muted">${orders}</span>`}</label>
`,
)}${offered.length >= MAX_STATUSES && html`<label class="check" for="another">Another</label><input id="another" name="status" autocomplete="off">`}
</fieldset>${errors.status && html`<p class="field-error" id="status-error">${errors.status}</p>`}`;
}

const lower = (status: string) => status.toLowerCase();
