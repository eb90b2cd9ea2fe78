/** What a personal value of an erased data subject reads as: the form of the log, known here because domains import no log. */
export function isErased(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { readonly $erased?: unknown }).$erased === true && Object.keys(value).length === 1;
}

/** Whether anything personal of an event is gone. Personal fields lie at the top of an event's data. */
export function hasErased(event: { readonly data: unknown }): boolean {
  return typeof event.data === 'object' && event.data !== null && Object.values(event.data).some(isErased);
}

/** The end of a run about somebody who was erased. */
export const SUBJECT_ERASED = 'The person this run is about was erased; nothing more is done with their data.';
