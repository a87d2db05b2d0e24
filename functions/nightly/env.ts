/** Name of the environment variable that the nightly construct sets for this function. */
export const EVENT_BUS_NAME = 'EVENT_BUS_NAME';
