/** `maxlength` for so many characters: browsers count an emoji and the like as two. */
export const inUnits = (characters: number) => 2 * characters;
