import { RDSData } from '@aws-sdk/client-rds-data';
import { keyHeader } from '../cli/keys/seller-key.ts';
import type { Row } from '../cli/markdown-table.ts';
import { type UploadBatch, uploadBatches } from '../db/uploads/batches.ts';
import { parseBody } from '../fixtures/upload-body.ts';
import { parseUpload } from '../functions/upload/input.ts';
import type { Service } from '../local/service/service.ts';
import { median, medianMs, timeMs } from './measure.ts';
import { newOrders, type SentOrder } from './orders.ts';
import { overHttp, overPg } from './upload-contenders.ts';

const ROUNDS = 15;

/**
 * The parts of an upload of new orders, each alone, in its turn, as ms and as shares of the whole.
 */
export async function measureStages(service: Service, orders: SentOrder[]): Promise<Row[]> {
  const { api, dataApi, postgres } = service.endpoints;
  const body = JSON.stringify({ user: 'test_seller', orders });
  const json = await parseBody(body);
  const upload = parseUpload(json);
  const [batch] = uploadBatches(upload.orders);
  if (!batch) throw new Error('An upload without orders has no stages.');

  const key = await keyHeader(service.endpoints, 'stages_seller');
  const whole = await storing(overHttp(api, { stages_seller: key }), orders.length);
  const refused = async () => {
    const headers = { 'content-type': 'text/plain', ...key };
    const response = await fetch(`${api}/api/orders/upload`, { method: 'POST', headers, body });
    if (response.status !== 415) throw new Error(`Not refused: ${response.status}`);
    await response.text();
  };
  const sdk = await medianMs(sending(signOnly(dataApi), dataApi, batch), ROUNDS);
  const roundTrip = await medianMs(sending(client(dataApi), dataApi, batch), ROUNDS);
  const stages = {
    'HTTP, gateway, worker': await medianMs(refused, ROUNDS),
    'parse JSON': await medianMs(() => parseBody(body), ROUNDS),
    validate: await medianMs(() => parseUpload(json), ROUNDS),
    'serialize the orders': await medianMs(() => uploadBatches(upload.orders), ROUNDS),
    'SDK: serialize the request and sign': sdk,
    'wire and Data API stand-in': roundTrip - sdk,
    SQL: await storing(overPg(postgres, 1), orders.length),
  };
  const accounted = Object.values(stages).reduce((sum, ms) => sum + ms, 0);
  return Object.entries({ ...stages, 'not accounted for': whole - accounted, whole }).map(
    ([stage, ms]) => ({ stage, ms, 'share, %': (100 * ms) / whole }),
  );
}

async function storing(contender: ReturnType<typeof overHttp>, count: number): Promise<number> {
  const samples: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    const ms = await timeMs(await contender.prepare('stages_seller', newOrders(count)));
    if (round >= 0) samples.push(ms);
  }
  await contender.close();
  return median(samples);
}

type DataApi = Service['endpoints']['dataApi'];

const client = ({ endpoint, region }: DataApi) =>
  new RDSData({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

/** A client whose requests are written and signed and then go nowhere. */
function signOnly(dataApi: DataApi): RDSData {
  const signing = client(dataApi);
  signing.middlewareStack.addRelativeTo(
    () => async () => ({ output: { $metadata: {} }, response: undefined }),
    { relation: 'after', toMiddleware: 'httpSigningMiddleware', name: 'goNowhere' },
  );
  return signing;
}

/** A call that carries the orders and does next to nothing with them. */
function sending(rdsData: RDSData, dataApi: DataApi, { orders, items }: UploadBatch) {
  const { resourceArn, secretArn, database } = dataApi;
  const columns = Object.entries({ ...orders, ...items });
  const lengths = columns.map(([name]) => `length(:${name}::text)`);
  return () =>
    rdsData.executeStatement({
      ...{ resourceArn, secretArn, database, sql: `SELECT ${lengths}` },
      parameters: columns.map(([name, stringValue]) => ({ name, value: { stringValue } })),
    });
}
