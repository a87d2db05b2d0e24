/** What an action throws. */
export function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
}
