import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { IamEvent } from '../shared/iam-caller.ts';
import { lambdaHandler } from '../shared/pages/lambda.ts';
import { sellersApi } from './api.ts';
import { sellerPages } from './pages/routes.ts';

const db = connect(databaseAddress());
const clock = new DatabaseClock(db);
const api = sellersApi(db, clock);
const pages = lambdaHandler(sellerPages(db, clock));

/** `/admin/api/sellers…` for programs, `/admin/erase-seller` for people in a browser. */
export const handler = (event: IamEvent, context: Context) =>
  event.rawPath === '/admin/erase-seller' ? pages(event, context) : api(event, context);
