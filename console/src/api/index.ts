/** What the features ask: the API's operations and their types, generated from its own description. */
export * from './generated';
export { isRefused, lookAgain, Problem, Unreached, passes } from './problem';
export { meQuery, useMe, useMay } from './me';
export { csv } from './csv';
export * as clock from './clock';
