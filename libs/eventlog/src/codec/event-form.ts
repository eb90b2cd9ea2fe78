/**
 * One event between its contract and its stored form.
 *
 * I1 what is written was checked by its contract, and what is read is checked again after lifting and opening
 * I2 a personal field of the current version is never stored, and never accepted, unsealed
 * I3 an erased field is exempt from the check, the rest of its event is not
 */
import { EVENT_CONTRACTS, type AnyEvent, type EventContract } from '@soloist/contracts';
import { z } from 'zod';
import { eventIdOf } from '../commit-id.js';
import { ERASED, isSealedField, sealValue, unsealValue, type SealPlace } from './sealing.js';

export type Contracts = ReadonlyMap<string, EventContract>;
export type Keys = ReadonlyMap<string, Uint8Array | null>;

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

type Fields = Readonly<Record<string, unknown>>;

export function contractOf(type: string, contracts: Contracts = EVENT_CONTRACTS): EventContract {
  const contract = contracts.get(type);
  if (contract === undefined) throw new FormError('Soloist-Types', `unknown event type ${JSON.stringify(type)}`);
  return contract;
}

/** Checks an event on its way out; answers it as its contract reads it (defaults filled in). @throws FormError */
export function checkedEvent(event: AnyEvent, index: number, contracts: Contracts): AnyEvent {
  const result = contractOf(event.type, contracts).schema.safeParse(event.data);
  if (!result.success) throw formErrorOf(index, result.error);
  return { type: event.type, data: result.data };
}

/** The data subject whose key seals this event; null when nothing of it is personal. @throws FormError */
export function dataSubjectOf(event: AnyEvent, index: number, contracts: Contracts): string | null {
  if (contractOf(event.type, contracts).personal.length === 0) return null;
  return subjectIn(fieldsOf(event.data, index), index);
}

export function sealedData(event: AnyEvent, place: EventPlace, key: Uint8Array | null, contracts: Contracts): unknown {
  const { personal } = contractOf(event.type, contracts);
  if (personal.length === 0 || key === null) return event.data;
  const sealed: Record<string, unknown> = { ...fieldsOf(event.data, place.index) };
  for (const field of personal) {
    if (sealed[field] !== undefined) sealed[field] = sealValue(key, fieldPlace(event.type, field, place), sealed[field]);
  }
  return sealed;
}

/** The data subject named by a stored event, if any field of it is sealed. Never throws: poison is judged later. */
export function storedDataSubject(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !Object.values(data).some(isSealedField)) return null;
  const subject = (data as Fields)['dataSubject'];
  return typeof subject === 'string' ? subject : null;
}

/** Opens, lifts and checks a stored event. @throws FormError */
export function readEvent(type: string, version: number, data: unknown, place: EventPlace, keys: Keys, contracts: Contracts): AnyEvent {
  const contract = contractOf(type, contracts);
  if (version > contract.version) {
    throw new FormError('Soloist-Types', `${type} has version ${version}, this release knows up to ${contract.version}`);
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
      const key = keys.get(subjectIn(data, place.index)) ?? null;
      opened[field] = key === null ? ERASED : openField(type, field, value, place, key);
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
  if (erased.length === 0) return parsed(contract.schema, data, index);
  const { schema } = contract;
  if (!(schema instanceof z.ZodObject)) throw new FormError(`events[${index}]`, 'an event with personal fields must be a plain object schema');
  const exempt: Record<string, true> = Object.fromEntries(erased.map((field) => [field, true as const]));
  const rest = Object.fromEntries(Object.entries(data as Fields).filter(([field]) => !erased.includes(field)));
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
