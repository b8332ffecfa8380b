import { emptyLedger } from '../../src/town/ledger.ts';
import { prices } from '../../src/town/prices.ts';
import type { Books } from '../../src/vscode/documents/effort.ts';

/** A person of whose money nothing is known yet. */
export const noBooks: Books = { ledger: emptyLedger, rows: prices };
