import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { lambdaHandler } from '../shared/pages/lambda.ts';
import { adminApp } from './app.ts';

/** `GET /admin/…` answers the admin's pages to people with AWS credentials. It only reads. */
export const handler = lambdaHandler(adminApp(connect(databaseAddress())));
