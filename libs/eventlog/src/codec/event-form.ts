/**
 * One event between its contract and its stored form.
 *
 * I1 what is written was checked by its contract, and what is read is checked again after lifting and opening
 * I2 a personal field of the current version is never stored, and never accepted, unsealed; of an erased data subject
 *    the mark is stored instead, so that its histories can still be written to their end
 * I3 an erased field is exempt from the check, the rest of its event is not
 * I4 a key that is missing is no erasure: whatever needs it is held
 * I5 what a newer release wrote is held as well, since that release reads it
 */
import { DataSubject, EVENT_CONTRACTS, type AnyEvent, type EventContract } from '@soloist/contracts';
import { z } from 'zod';
import { eventIdOf } from '../commit-id.js';
import { keyMissing } from '../broker/key-table-faults.js';
import { ERASED, isErased, isSealedField, sealValue, unsealValue, type SealPlace } from './sealing.js';

export type Contracts = ReadonlyMap<string, EventContract>;
/** Null: erased, as is whoever has no entry: readers without keys see nothing personal. `missing`: neither key nor tombstone. */
export type Keys = ReadonlyMap<string, Uint8Array | null | 'missing'>;

/** Where an event stands: its commit and its index there. */
export interface EventPlace {
  readonly commit: string;
  readonly index: number;
}

/** Thrown inside the codec, turned into a Fault by whoever knows the subject and sequence. */
export class FormError extends Error {
  readonly field: string;
  constructor(field: string, reason: string) {
    super(reason);
    this.name = 'FormError';
    this.field = field;
  }
}

/** Well formed, but of a type or version this release does not know. */
export class NewerReleaseError extends FormError {}

type Fields = Readonly<Record<string, unknown>>;

export function contractOf(type: string, contracts: Contracts = EVENT_CONTRACTS): EventContract {
  const contract = contracts.get(type);
  if (contract === undefined) throw new FormError('Soloist-Types', `unknown event type ${JSON.stringify(type)}`);
  return contract;
}

/** Checks an event on its way out; answers it as its contract reads it (defaults filled in). @throws FormError */
export function checkedEvent(event: AnyEvent, index: number, contracts: Contracts): AnyEvent {
  const contract = contractOf(event.type, contracts);
  const marked = contract.personal.filter((field) => isErased((event.data as Fields | null)?.[field]));
  if (marked.length === 0) return { type: event.type, data: parsed(contract.schema, event.data, index) };
  const known = { ...fieldsOf(event.data, index), ...Object.fromEntries(marked.map((field) => [field, ERASED])) };
  return { type: event.type, data: checkBut(marked, known, contract, index) };
}

/** What is left of an event whose data subject was erased. @throws FormError */
export function erasedEvent(event: AnyEvent, index: number, contracts: Contracts): AnyEvent {
  const fields = fieldsOf(event.data, index);
  const gone = contractOf(event.type, contracts).personal.filter((field) => fields[field] !== undefined);
  return { type: event.type, data: { ...fields, ...Object.fromEntries(gone.map((field) => [field, ERASED])) } };
}

/** The data subject whose key seals this event; null when nothing of it is personal. @throws FormError */
export function dataSubjectOf(event: AnyEvent, index: number, contracts: Contracts): string | null {
  if (contractOf(event.type, contracts).personal.length === 0) return null;
  return subjectIn(fieldsOf(event.data, index), index);
}

export function sealedData(event: AnyEvent, place: EventPlace, key: Uint8Array, contracts: Contracts): unknown {
  const sealed: Record<string, unknown> = { ...fieldsOf(event.data, place.index) };
  for (const field of contractOf(event.type, contracts).personal) {
    if (sealed[field] !== undefined && sealed[field] !== ERASED) sealed[field] = sealValue(key, fieldPlace(event.type, field, place), sealed[field]);
  }
  return sealed;
}

/** The data subject named by a stored event, if any field of it is sealed. Never throws: poison is judged later. */
export function storedDataSubject(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !Object.values(data).some(isSealedField)) return null;
  const subject = (data as Fields)['dataSubject'];
  return DataSubject.safeParse(subject).success ? (subject as string) : null;
}

/** Opens, lifts and checks a stored event. @throws FormError · NewerReleaseError · Fault transient */
export function readEvent(type: string, version: number, data: unknown, place: EventPlace, keys: Keys, contracts: Contracts): AnyEvent {
  const contract = contracts.get(type);
  if (contract === undefined) throw new NewerReleaseError('Soloist-Types', `this release knows no event type ${type}`);
  if (version > contract.version) {
    throw new NewerReleaseError('Soloist-Types', `${type} has version ${version}, this release knows up to ${contract.version}`);
  }
  const opened = opensSealed(contract, version) ? open(type, fieldsOf(data, place.index), version, contract, place, keys) : data;
  return { type, data: checkStored(lift(contract, version, opened, place.index), contract, place.index) };
}

/** An older version may have sealed what the current one does not. */
function opensSealed(contract: EventContract, version: number): boolean {
  return contract.personal.length > 0 || version < contract.version;
}

function open(type: string, data: Fields, version: number, contract: EventContract, place: EventPlace, keys: Keys): Fields {
  const isCurrent = version === contract.version;
  const opened: Record<string, unknown> = { ...data };
  for (const [field, value] of Object.entries(data)) {
    if (isCurrent && !contract.personal.includes(field)) continue;
    if (isSealedField(value)) {
      const subject = subjectIn(data, place.index);
      const key = keys.get(subject) ?? null;
      if (key === 'missing') throw keyMissing(subject);
      opened[field] = key === null ? ERASED : openField(type, field, value, place, key);
    } else if (isErased(value)) {
      opened[field] = ERASED;
    } else if (isCurrent) {
      throw new FormError(`events[${place.index}].${field}`, 'is personal and must be sealed');
    }
  }
  return opened;
}

function openField(type: string, field: string, value: { readonly $sealed: string }, place: EventPlace, key: Uint8Array): unknown {
  const box = unsealValue(key, fieldPlace(type, field, place), value);
  if (box === null) throw new FormError(`events[${place.index}].${field}`, 'does not open: it was changed, or sealed elsewhere');
  return box.value;
}

function lift(contract: EventContract, version: number, data: unknown, index: number): unknown {
  if (version === contract.version) return data;
  if (contract.upcast === undefined) throw new FormError(`events[${index}]`, `version ${version} has no upcast to ${contract.version}`);
  try {
    return contract.upcast(data, version);
  } catch (error) {
    throw new FormError(`events[${index}]`, `upcast from version ${version} failed: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function checkStored(data: unknown, contract: EventContract, index: number): unknown {
  const erased = typeof data === 'object' && data !== null ? Object.keys(data).filter((field) => (data as Fields)[field] === ERASED) : [];
  return erased.length === 0 ? parsed(contract.schema, data, index) : checkBut(erased, data as Fields, contract, index);
}

/** Checks all but the erased fields. */
function checkBut(erased: readonly string[], data: Fields, { schema }: EventContract, index: number): unknown {
  if (!(schema instanceof z.ZodObject)) throw new FormError(`events[${index}]`, 'an event with personal fields must be a plain object schema');
  const exempt: Record<string, true> = Object.fromEntries(erased.map((field) => [field, true as const]));
  const rest = Object.fromEntries(Object.entries(data).filter(([field]) => !erased.includes(field)));
  const checked = parsed((schema as z.ZodObject).omit(exempt), rest, index) as Fields;
  return { ...checked, ...Object.fromEntries(erased.map((field) => [field, ERASED])) };
}

function parsed(schema: z.ZodType, data: unknown, index: number): unknown {
  const result = schema.safeParse(data);
  if (!result.success) throw formErrorOf(index, result.error);
  return result.data;
}

/** Names the field and the reason. Zod's messages quote no values. */
function formErrorOf(index: number, error: z.ZodError): FormError {
  const issue = error.issues[0];
  const path = issue?.path.map((part) => `.${String(part)}`).join('') ?? '';
  return new FormError(`events[${index}]${path}`, issue?.message ?? 'breaks its contract');
}

function fieldsOf(data: unknown, index: number): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new FormError(`events[${index}]`, 'must be an object');
  return data as Fields;
}

function subjectIn(data: Fields, index: number): string {
  const subject = data['dataSubject'];
  if (typeof subject !== 'string' || subject === '') throw new FormError(`events[${index}].dataSubject`, 'must name whose data is sealed here');
  return subject;
}

function fieldPlace(type: string, field: string, place: EventPlace): SealPlace {
  return { domain: 'field', parts: [type, field, eventIdOf(place.commit, place.index)] };
}
