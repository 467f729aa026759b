/** Beyond it we know only "many": the server names the newest hundred. */
const MANY = 99

export const countText = (count: number) => (count > MANY ? `${MANY}+` : String(count))
