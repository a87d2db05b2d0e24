import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { Model, type ModelRequest } from './model.ts';
import { aimed, aPeriod, aRequest, USERS } from './model-requests.ts';
import { type Answered, useModelledService } from './modelled-service.ts';

const service = useModelledService();

describe('uploads, deletions and undoings, and nightly runs that prove any days meanwhile', () => {
  it('answer and store what maps in memory would, one after the other in some order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(aRequest, { minLength: 1, maxLength: 3 }), maybe(aPeriod)), {
          minLength: 4,
          maxLength: 10,
        }),
        async (steps) => {
          await service.empty();
          let worlds: Worlds = [{ model: new Model(), uploadIds: [] }];
          for (const [step, night] of steps) {
            const [{ model, uploadIds }] = worlds;
            const requests = step.map((request) => aimed(request, model));
            const send = (request: ModelRequest) => service.send(request, uploadIds);
            const [answered] = await Promise.all([
              Promise.all(requests.map(send)),
              night && service.prove(night),
            ]);
            worlds = explain(worlds, requests, answered, await service.stored());
          }
          await service.expectFigures(worlds[0].model);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are done once, whole, also when calls are cut off or their answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(aRequest, maybe(aPeriod)), { minLength: 5, maxLength: 12 }),
        fc.integer(),
        async (requests, seed) => {
          await service.empty();
          service.dataApi.faults.seed(seed);
          service.dataApi.faults.add({ kind: 'cut-before', probability: 0.2 });
          service.dataApi.faults.add({ kind: 'cut-after', probability: 0.3 });
          let model = new Model();
          for (const [one, night] of requests) {
            const request = aimed(one, model);
            const foretold = model.do(request);
            const { answer } = await service.send(request, await service.uploadIds());
            expect(answer).toEqual(foretold.answer);
            model = foretold.after;
            if (night) await service.prove(night);
          }
          service.dataApi.faults.clear();
          expect(await service.stored()).toEqual(storedBy(model));
          await service.expectFigures(model);
        },
      ),
      { numRuns: 26 },
    );
  });
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What the service may be like, as far as its answers and what is stored tell. */
interface World {
  readonly model: Model;
  /** Of the model's receipts. */
  readonly uploadIds: readonly unknown[];
}

/** More than one where only a later undoing tells in which order requests were done. */
type Worlds = readonly [World, ...World[]];

/** The worlds after the requests, in each order that explains answers and what is stored. */
function explain(
  worlds: Worlds,
  requests: readonly ModelRequest[],
  answered: readonly Answered[],
  stored: readonly UploadedOrder[][],
): Worlds {
  const answers = answered.map(({ answer }) => answer);
  const outcomes = worlds.flatMap((world) => {
    const asked = requests.map((request) => toldIn(world, request, worlds[0]));
    return permutations(requests.map((_, i) => i)).map((order) => {
      const foretold: Answered['answer'][] = [];
      let { model } = world;
      for (const i of order) {
        const step = model.do(asked[i]!);
        foretold[i] = step.answer;
        model = step.after;
      }
      const ids = order.map((i) => answered[i]!.uploadId).filter((id) => id != null);
      const uploadIds = [...new Set([...world.uploadIds, ...ids])];
      return { foretold, stored: storedBy(model), world: { model, uploadIds } };
    });
  });
  expect(outcomes.map(({ foretold, stored }) => ({ foretold, stored }))).toContainEqual({
    foretold: answers,
    stored,
  });
  const explaining = outcomes.filter((o) =>
    isDeepStrictEqual(plain([o.foretold, o.stored]), plain([answers, stored])),
  );
  const different = new Map(explaining.map(({ world }) => [String(world.uploadIds), world]));
  return [...different.values()] as unknown as Worlds;
}

/** A request in the words of a world, whose receipts may have been written in another order. */
function toldIn(world: World, request: ModelRequest, said: World): ModelRequest {
  if (!('undoes' in request)) return request;
  const undoes = world.uploadIds.indexOf(said.uploadIds[request.undoes]);
  return undoes < 0 ? request : { ...request, undoes };
}

/** Without prototypes, and without what is undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const storedBy = (model: Model) => USERS.map((user) => model.ordersOf(user));

function permutations(members: readonly number[]): number[][] {
  if (members.length < 2) return [[...members]];
  return members.flatMap((first) =>
    permutations(members.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}
