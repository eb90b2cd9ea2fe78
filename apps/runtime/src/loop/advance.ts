/**
 * The one way a run moves: decide what follows from what arrived, commit it with the claim of the next model call, make
 * the call, and go on with its answer in the same worker until something from outside is needed.
 *
 * I1 a model is called only after its claim is on the log, by the worker whose commit that was [R5]
 * I2 an open ask is taken over only by a later delivery of the commit that caused it, as a new epoch [G10]
 * I3 a worker that finds itself overtaken writes nothing more, and leaves the delivery to come again: an ack by a zombie
 *    would take the message from the worker that now has it
 */
import { loop as loopContract, type LoopEvent } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import { Fault, isFault, isRejection } from '@soloist/kernel';
import { attempt, fold, type Work } from '@soloist/service';
import { fitAnswer } from '../domain/answer.js';
import { accept, type Arrival } from '../domain/arrival.js';
import { claimOf, openAsk, type LoopState } from '../domain/loop.js';
import { finished, planStep, type Means, type Plan, type PlannedAsk } from '../domain/plan.js';
import type { RunBrief } from '../domain/run-brief.js';
import { loopEntity } from '../entities.js';
import type { ModelAnswer } from '../ports/model.port.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { readBrief } from './read-brief.js';
