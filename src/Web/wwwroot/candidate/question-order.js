// The questions of an interview in the plan's order.

/** Each with its stage and the stage's number. */
export function allQuestions({ stages }) {
  return stages.flatMap((stage, index) => stage.questions.map((question) => ({ stage, question, number: index + 1 })));
}

/** The one to be asked next, without those that the candidate has skipped; null after the last. */
export function nextQuestion(state, skipped) {
  const questions = allQuestions(state);
  const { next } = state.position;
  const from = next ? questions.findIndex((q) => q.question.id === next.questionId) : questions.length;
  return questions.slice(from).find((q) => !skipped.includes(q.question.id)) ?? null;
}
