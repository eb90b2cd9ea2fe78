import type { LoopEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { loopEntity as loop, type LoopState } from './domain/loop.js';

export const loopEntity = defineEntity<LoopState, LoopEvent>(loop);
