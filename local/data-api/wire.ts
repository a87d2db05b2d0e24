// The shapes that travel, after API version 2018-08-01. Blobs are base64 text here.

export interface Field {
  readonly isNull?: boolean;
  readonly booleanValue?: boolean;
  readonly longValue?: number | RawJSON;
  readonly doubleValue?: number | string;
  readonly stringValue?: string;
  readonly blobValue?: string;
  readonly arrayValue?: ArrayValue;
}

export interface ArrayValue {
  readonly booleanValues?: readonly (boolean | null)[];
  readonly longValues?: readonly (number | RawJSON | null)[];
  readonly doubleValues?: readonly (number | null)[];
  readonly stringValues?: readonly (string | null)[];
}

export const TYPE_HINTS = ['DATE', 'DECIMAL', 'JSON', 'TIME', 'TIMESTAMP', 'UUID'] as const;
export type TypeHint = (typeof TYPE_HINTS)[number];

/** A parameter as it came; its value is not checked yet. */
export interface SqlParameter {
  readonly name: string;
  readonly value?: unknown;
  readonly typeHint?: TypeHint;
}

export interface ResultOptions {
  readonly decimalReturnType: 'STRING' | 'DOUBLE_OR_LONG';
  readonly longReturnType: 'LONG' | 'STRING';
}

export interface ColumnMetadata {
  readonly arrayBaseColumnType: number;
  readonly isAutoIncrement: boolean;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: boolean;
  readonly isSigned: boolean;
  readonly label: string;
  readonly name: string;
  readonly nullable: 0 | 1 | 2;
  readonly precision: number;
  readonly scale: number;
  readonly schemaName: string;
  readonly tableName: string;
  readonly type: number;
  readonly typeName: string;
}
