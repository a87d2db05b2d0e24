import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/aws-data-api/pg';
import { migrate } from 'drizzle-orm/aws-data-api/pg/migrator';
import * as d from 'drizzle-orm/pg-core';
import { type Generated, Kysely, Migrator } from 'kysely';
import { DataApiDialect } from 'kysely-data-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PatchedDataApiDialect } from '../../../db/data-api/dialect.ts';
import { type StandIn, startStandIn, target } from './stand-in.ts';

// Programs that nobody here wrote, unchanged. What else was tried by hand is in docs/data-api.md.

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.stop());

describe('kysely-data-api', () => {
  interface Pet {
    id: Generated<number>;
    name: string;
    age: number | null;
    born: Date | null;
  }
  const connect = (Dialect: typeof DataApiDialect) =>
    new Kysely<{ pets: Pet }>({
      dialect: new Dialect({
        mode: 'postgres',
        driver: { ...target, client: standIn.client, database: standIn.database },
      }),
    });

  it('creates, inserts, reads, updates, and tells how many rows it changed', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const db = connect(DataApiDialect);
    await db.schema
      .createTable('pets')
      .addColumn('id', 'serial', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('age', 'integer')
      .addColumn('born', 'timestamptz')
      .execute();
    const born = new Date('2024-03-01T12:30:00.500Z');
    const rows = [
      { name: 'rex', age: 3, born },
      { name: "o'b", age: null, born: null },
    ];
    expect(await db.insertInto('pets').values(rows).returning('id').execute()).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    const { numUpdatedRows } = await db
      .updateTable('pets')
      .set({ age: 4 })
      .where('name', '=', 'rex')
      .executeTakeFirstOrThrow();
    expect(numUpdatedRows).toBe(1n);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('outdated driver/plugin'));
    expect(await db.selectFrom('pets as p').select(['p.name as n', 'age']).execute()).toEqual([
      { n: "o'b", age: null },
      { n: 'rex', age: 4 },
    ]);
  });

  it('commits a transaction and rolls one back', async () => {
    const db = connect(DataApiDialect);
    await db.schema.createTable('kept').addColumn('name', 'text').execute();
    const kept = db.withTables<{ kept: { name: string } }>();
    await kept
      .transaction()
      .execute((trx) => trx.insertInto('kept').values({ name: 'a' }).execute());
    await expect(
      kept.transaction().execute(async (trx) => {
        await trx.insertInto('kept').values({ name: 'b' }).execute();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await kept.selectFrom('kept').selectAll().execute()).toEqual([{ name: 'a' }]);
  });

  it("migrates with Kysely's Migrator once its transactions' ends are patched", async () => {
    const db = connect(PatchedDataApiDialect);
    const migrator = new Migrator({
      db,
      provider: {
        getMigrations: async () => ({
          '0001-toys': {
            up: (db) => db.schema.createTable('toys').addColumn('id', 'integer').execute(),
          },
        }),
      },
    });
    expect(await migrator.migrateToLatest()).toMatchObject({
      results: [{ migrationName: '0001-toys', status: 'Success' }],
    });
    expect((await migrator.migrateToLatest()).results).toEqual([]);
  });
});

describe('drizzle-orm/aws-data-api/pg', () => {
  const pets = d.pgTable('drizzle_pets', {
    id: d.serial('id').primaryKey(),
    name: d.varchar('name', { length: 50 }).notNull(),
    price: d.numeric('price', { precision: 10, scale: 2 }),
    isGood: d.boolean('is_good'),
    tag: d.uuid('tag'),
    born: d.timestamp('born', { withTimezone: true }),
    birthday: d.date('birthday'),
    about: d.jsonb('about'),
    lives: d.bigint('lives', { mode: 'number' }),
  });
  const pet = {
    name: 'rex',
    price: '12.50',
    isGood: true,
    tag: '0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55',
    born: new Date('2024-03-01T12:30:00.500Z'),
    birthday: '2024-02-29',
    about: { likes: ['tea', null] },
    lives: 9_007_199_254_740_991,
  };
  const connect = () => drizzle(standIn.client, { ...target, database: standIn.database });
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'order-analytics-drizzle-'));
    mkdirSync(join(folder, 'meta'));
    const entries = [{ idx: 0, version: '7', when: 1, tag: '0000_pets', breakpoints: true }];
    writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ entries }));
    writeFileSync(
      join(folder, '0000_pets.sql'),
      `CREATE TABLE drizzle_pets (id serial PRIMARY KEY, name varchar(50) NOT NULL, price numeric(10, 2),
        is_good boolean, tag uuid, born timestamptz, birthday date, about jsonb, lives bigint);
      --> statement-breakpoint
      CREATE INDEX ON drizzle_pets (name);`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('migrates, writes every type that it hints at, and reads it back', async () => {
    const db = connect();
    await migrate(db, { migrationsFolder: folder });
    await migrate(db, { migrationsFolder: folder });
    const [inserted] = await db.insert(pets).values(pet).returning();
    expect(inserted).toEqual({ id: 1, ...pet });
    const found = await db.select().from(pets).where(eq(pets.tag, pet.tag));
    expect(found).toEqual([inserted]);

    await db.transaction((tx) => tx.update(pets).set({ name: 'max' }).where(eq(pets.id, 1)));
    const failed = db.transaction(async (tx) => {
      await tx.delete(pets);
      tx.rollback();
    });
    await expect(failed).rejects.toThrow('Rollback');
    const { rows } = await db.execute(
      sql`SELECT name, count(*) AS "how many" FROM drizzle_pets GROUP BY name`,
    );
    expect(rows).toEqual([{ name: 'max', 'how many': 1 }]);
  });
});
