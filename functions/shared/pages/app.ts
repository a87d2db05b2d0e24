import { Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Doer } from '../../../db/audit/audit-lines.ts';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import type { WriteLimit } from '../../../db/data-api/write-limit.ts';
import { countRefusal } from '../count-refusal.ts';
import { requireCaller } from '../iam-caller.ts';
import { logger } from '../logger.ts';
import { Problem } from '../problem.ts';
import { toProblem } from '../problem-details.ts';
import { withRetries } from '../with-retries.ts';
import type { PageContext, PagesEnv } from './context.ts';
import { problemPage } from './problem-page.ts';
import { strictHeaders } from './strict-headers.ts';

/**
 * An app that answers pages to people whom API Gateway knows by their signature:
 * with strict headers, a log line for every request, and pages also for what goes wrong.
 */
export function pagesApp(): Hono<PagesEnv> {
  const app = new Hono<PagesEnv>();
  app.use(strictHeaders());
  app.use(async (c, next) => {
    const startedAt = performance.now();
    const { event, context } = c.env;
    logger.resetKeys();
    logger.addContext(context);
    const viewer = requireCaller(event, 'These pages need AWS credentials.');
    c.set('viewer', viewer);
    logger.appendKeys({ viewer });
    await next();
    // The route, because a path and a query may hold an order's number or what somebody looks for.
    logger.info('page answered', {
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      duration_ms: Math.round(performance.now() - startedAt),
    });
  });
  app.notFound((c) => {
    const detail = 'There is no page at this address.';
    return problemPage(c, new Problem(404, { detail }));
  });
  app.onError((error, c) => {
    const problem = toProblem(error);
    if (problem.status >= 500) logger.error('page failed', { status: problem.status, error });
    countRefusal(problem);
    return problemPage(c, problem);
  });
  return app;
}

/**
 * What the database answers, asked again while it fails for a passing reason, for as long as a
 * person waits for a page: longer than a statement of the admin may run, shorter than it may take a
 * database to wake.
 */
export function asking<T>(c: PageContext, ask: () => Promise<T>): Promise<T> {
  return withRetries(c.env.context, TRIED_AGAIN, ask, { patienceMs: PATIENCE_MS });
}

const PATIENCE_MS = 12_000;

/** The same of what writes: what is not written while there is time never is. */
export function writing<T>(
  c: PageContext,
  clock: DatabaseClock,
  write: (limit: WriteLimit) => Promise<T>,
): Promise<T> {
  return withRetries(c.env.context, TRIED_AGAIN, (endsAt) => clock.before(endsAt, write));
}

/** Who looks, and does what the request asks for. */
export function doerOf(c: PageContext): Doer {
  return { actor: c.get('viewer'), requestId: c.env.event.requestContext.requestId };
}

const TRIED_AGAIN = 'page tried again';
