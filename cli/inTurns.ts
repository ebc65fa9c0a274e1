/** Calls side by side: EC2 throttles who asks for much at once. */
const AT_ONCE = 8;

/** The answers in the order of the questions, so many asked at the same time. Rejects with the first error. */
export async function inTurns<T, R>(
  questions: T[],
  ask: (question: T) => Promise<R>,
  atOnce = AT_ONCE,
): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < questions.length; index = next++)
      answers[index] = await ask(questions[index]);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return answers;
}
