// Bundles have this in place of the SDK's event streams (see lib's `functionCode`), which it would
// load for an answer that goes on and on: none of what functions call has one.

export {};
