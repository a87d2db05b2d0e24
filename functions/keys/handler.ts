import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { IamEvent } from '../shared/iam-caller.ts';
import { lambdaHandler } from '../shared/pages/lambda.ts';
import { keysApi } from './api.ts';
import { keyPages } from './pages/routes.ts';

const db = connect(databaseAddress());
const clock = new DatabaseClock(db);
const api = keysApi(db, clock);
const pages = lambdaHandler(keyPages(db, clock));

/** `/admin/api/keys…` for programs, `/admin/keys/…` for people in a browser. */
export const handler = (event: IamEvent, context: Context) =>
  event.rawPath.startsWith('/admin/keys/') ? pages(event, context) : api(event, context);
