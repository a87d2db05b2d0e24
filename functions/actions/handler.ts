import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { lambdaHandler } from '../shared/pages/lambda.ts';
import { actionPages } from './app.ts';

const db = connect(databaseAddress());

/** `/admin/actions/…`: what people with AWS credentials do to orders, uploads and sellers. */
export const handler = lambdaHandler(actionPages({ db, clock: new DatabaseClock(db) }));
