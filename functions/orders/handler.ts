import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { required } from '../../db/data-api/env.ts';
import { compressLargeAnswer } from '../shared/compressed-answer.ts';
import { KEEP_VERSIONS_DAYS } from '../shared/env.ts';
import { sellerHandler, sellerRoute } from '../shared/seller-handler.ts';
import { ordersByNumber } from './by-number.ts';
import { changesOfOrders, parseChangesQuery } from './changes.ts';
import { digestByDay, parseDigestQuery } from './digest.ts';
import { parseOrdersQuery, parseUser } from './input.ts';
import { pageOfOrders } from './pages.ts';
import { pageOfUploads, parseUpload, parseUploadsQuery, uploadById } from './uploads.ts';
import { whoami } from './whoami.ts';

const db = connect(databaseAddress());
const keepVersionsDays = Number(required(process.env, KEEP_VERSIONS_DAYS));

export const handler = sellerHandler('orders', {
  'GET /api/orders': sellerRoute({
    parse: parseOrdersQuery,
    answer: (query, call) =>
      'orderNumbers' in query ? ordersByNumber(db, query, call) : pageOfOrders(db, query, call),
  }),
  'GET /api/orders/changes': sellerRoute({
    parse: parseChangesQuery,
    answer: (query, call) => changesOfOrders(db, query, keepVersionsDays, call),
  }),
  'GET /api/orders/digest': sellerRoute({
    parse: parseDigestQuery,
    answer: (period, call) => digestByDay(db, period, call),
  }),
  'GET /api/uploads': sellerRoute({
    parse: parseUploadsQuery,
    answer: (query, call) => pageOfUploads(db, query, call),
  }),
  'GET /api/uploads/{id}': sellerRoute({
    parse: parseUpload,
    answer: (asked, call) => uploadById(db, asked, call),
  }),
  'GET /api/whoami': sellerRoute({ parse: parseUser, answer: whoami }),
}).use(compressLargeAnswer());
