using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using MlSql.Language.Tokens;

namespace MlSql.Language.Syntax;

/// <summary>Stops at the first error and says it in our words; nothing is repaired.</summary>
internal sealed class FirstErrorStrategy : DefaultErrorStrategy
{
    public override void Recover(Antlr4.Runtime.Parser recognizer, RecognitionException e)
    {
        var found = (SyntaxToken)e.OffendingToken;
        // Further in than where the choice began, the words that may begin the choice say nothing about this place.
        bool atChoice = e is not NoViableAltException choice || choice.StartToken == choice.OffendingToken;
        throw new SyntaxException(SyntaxMessages.For(found, atChoice ? recognizer.GetExpectedTokens() : new IntervalSet()));
    }

    public override IToken RecoverInline(Antlr4.Runtime.Parser recognizer) =>
        throw new SyntaxException(SyntaxMessages.For((SyntaxToken)recognizer.CurrentToken, recognizer.GetExpectedTokens()));

    public override void Sync(Antlr4.Runtime.Parser recognizer)
    {
        ATN atn = recognizer.Interpreter.atn;
        ATNState state = atn.states[recognizer.State];
        IntervalSet next = atn.NextTokens(state);
        if (next.Contains(TokenConstants.EPSILON) || next.Contains(recognizer.InputStream.LA(1))) return;
        throw new SyntaxException(SyntaxMessages.For((SyntaxToken)recognizer.CurrentToken, recognizer.GetExpectedTokens()));
    }
}
