/** A line that shows how something goes. */
export interface LiveLine {
  show(line: string): void;
  /** Ends what is shown, before something else is printed. */
  end(): void;
}

/** Where it is shown, such as `process.stdout`. */
interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * On a terminal each takes the place of the one before; elsewhere, as in a log or on a terminal
 * that can only print, they stay.
 */
export function liveLine(output: Output): LiveLine {
  const isDrawn = output.isTTY === true && process.env.TERM !== 'dumb';
  let isOpen = false;
  return {
    show(line) {
      output.write(isDrawn ? `\r\x1b[2K${line}` : `${line}\n`);
      isOpen = isDrawn;
    },
    end() {
      if (isOpen) output.write('\n');
      isOpen = false;
    },
  };
}
