/** The policy core by itself: no broker, no database, no framework comes with it. */
export { judge, type Facts, type Policy, type RequestedAction, type Strictness, type Verdict } from './domain/policy.js';
export { POLICIES } from './policies/policies.js';
export { judgeByRules } from './policies/rules.policy.js';
export { judgeTrajectory, type CallVerdict, type JudgedCall } from './policies/trajectory/judge-trajectory.js';
export { readTrajectory, type Trajectory, type TrajectoryReading } from './policies/trajectory/trajectory.js';
