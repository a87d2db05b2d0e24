import type { Service } from '../../../local/service/service.ts';
import { askForActions } from './actions.ts';
import { Door } from './door.ts';
import { runNights } from './nights.ts';
import { askForAuditLog, askForKeys, askForPages, askForTheRest, newSeller } from './people.ts';
import { askAsSeller, askForLargeOrder } from './sellers.ts';

/**
 * Has an empty service do everything that it does, each in every way for which functions have a
 * statement of its own.
 *
 * @returns by which routes
 * @throws {ServiceError} when something is answered otherwise than it is to be
 */
export async function runScenario(service: Service): Promise<ReadonlySet<string>> {
  const { api: origin, dataApi, credentials } = service.endpoints;
  const routes = service.app.httpApis.flatMap((api) => api.routes);
  const door = new Door({ origin, region: dataApi.region, credentials }, routes);
  const seller = await newSeller(door, 'seller');
  const other = await newSeller(door, 'other');
  await askAsSeller(door, seller, other);
  await askForPages(door, seller);
  await askForKeys(door, seller);
  await askForActions(door, seller);
  await askForAuditLog(door, seller);
  await askForLargeOrder(door, seller);
  await runNights(service);
  await askForTheRest(door, seller, other);
  return door.asked;
}
