using System.Text;
using PaliGguf.Batch.Results;

namespace PaliGguf.Batch.Exports;

/// <summary>Writes answers beside their pictures, as trainers of image models expect captions: <c>a.jpg</c> and <c>a.txt</c>.</summary>
public static class CaptionFiles
{
    /// <summary>Sees whether there is one text for each picture, before anything is asked.</summary>
    /// <exception cref="PaliException">There is not.</exception>
    public static void Check(IReadOnlyList<Question> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        if (questions.Count(question => question.Labels is null) != 1)
            throw new PaliException("a caption beside each picture needs one question with a text for an answer.");
    }

    /// <summary>Writes the text of an answer, whole or not at all.</summary>
    /// <exception cref="PaliException">The picture is no file of its own, or the text can not be written.</exception>
    public static void Write(ItemAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        foreach (AnswerLine line in answer.Answers)
        {
            if (line.Answer.TryGetProperty("detections", out _) || AnswerTable.Text(line) is not { } text) continue;
            if (!File.Exists(line.Source))
                throw new PaliException($"{line.Source}: it is no file of its own, and no caption can be written beside it.");
            PendingFile.Write(Path.ChangeExtension(line.Source, ".txt"), Encoding.UTF8.GetBytes(text + "\n"));
        }
    }
}
