import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { Hono, type Context as HonoContext } from 'hono';
import { routePath } from 'hono/route';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import { retrying } from '../../../db/data-api/retry.ts';
import type { WriteLimit } from '../../../db/data-api/write-limit.ts';
import { deadlineAt } from '../deadline.ts';
import { logger } from '../logger.ts';
import { Problem } from '../problem.ts';
import { toProblem } from '../problem-details.ts';
import { problemPage } from './problem-page.ts';
import { strictHeaders } from './strict-headers.ts';

/** What the routes of a pages app find in their context. */
export interface PagesEnv {
  Bindings: { event: APIGatewayProxyEventV2; context: Context };
  Variables: {
    /** The ARN of the person who looks, as API Gateway has verified it. */
    viewer: string;
  };
}

export type PageContext = HonoContext<PagesEnv>;

/**
 * An app that answers pages to people whom API Gateway knows by their signature: with strict headers,
 * a log line for every request, and pages also for what goes wrong.
 */
export function pagesApp(): Hono<PagesEnv> {
  const app = new Hono<PagesEnv>();
  app.use(strictHeaders());
  app.use(async (c, next) => {
    const startedAt = performance.now();
    const { event, context } = c.env;
    logger.resetKeys();
    logger.addContext(context);
    const viewer = viewerOf(event);
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
    return problemPage(c, problem);
  });
  return app;
}

/** What the database answers, asked again while it fails for a passing reason and there is time. */
export function asking<T>(c: PageContext, ask: () => Promise<T>): Promise<T> {
  return retrying(ask, {
    deadlineAt: deadlineAt(c.env.context),
    onRetry: (retry) => logger.warn('page tried again', retry),
  });
}

/** The same of what writes: what is not written while there is time never is. */
export function writing<T>(
  c: PageContext,
  clock: DatabaseClock,
  write: (limit: WriteLimit) => Promise<T>,
): Promise<T> {
  const endsAt = deadlineAt(c.env.context);
  return asking(c, () => clock.before(endsAt, write));
}

/** @throws {Problem} 403 where the route would lack the IAM authorizer */
function viewerOf(event: APIGatewayProxyEventV2): string {
  const { authorizer } = event.requestContext as {
    authorizer?: { iam?: { userArn?: string | null } };
  };
  const viewer = authorizer?.iam?.userArn;
  if (!viewer) throw new Problem(403, { detail: 'These pages need AWS credentials.' });
  return viewer;
}
