using System.Collections.Immutable;
using System.Text;
using ActorCluster.Core.Faults;
using ActorCluster.Core.Submissions;
using CsCheck;

namespace ActorCluster.Core.Tests.Submissions;

public sealed class SubmissionTests
{
    private const string Header = "image_location,Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    private const string Template = Header + "b/00001.jpg,,,,,,,,\nb/00002.jpg,,,,,,,,\na_left/00001.jpg,,,,,,,,\na_left/00003.jpg,,,,,,,,\n";

    private const string Valid = Header + "b/00001.jpg,3\nb/00002.jpg,7\na_left/00001.jpg,0\na_left/00003.jpg,1\n";

    private static readonly Dictionary<string, ImmutableArray<sbyte>> Predictions = new() { ["b"] = [3, 7], ["a_left"] = [0, 5, 1] };

    [Theory]
    [InlineData(Template)]
    [InlineData("\uFEFFimage_location, Neutral, Anger, Disgust, Fear, Happiness, Sadness, Surprise, Other,\r\nb/00001.jpg\r\nb/00002.jpg,0\r\na_left/00001.jpg,\r\n\r\na_left/00003.jpg , \r\n\r\n")]
    public void Write_AnyTemplateForm_AnswersEveryRowInItsOrder(string template)
    {
        var (text, summary) = Write(template, Predictions);

        Assert.Equal(Valid, text);
        Assert.Equal((4, 2), (summary.Rows, summary.Videos));
        Assert.Empty(summary.Notices);
        Assert.True(Check(text, template).IsValid);
    }

    [Fact]
    public void Write_OneFrameMoreThanPredictions_GetsTheLastClassAndIsNoticed()
    {
        var (text, summary) = Write(Template, new() { ["b"] = [3], ["a_left"] = [0, 5, 1] });

        Assert.Contains("b/00002.jpg,3\n", text);
        Assert.Contains("'b' has predictions for 1 frames; frame 2", Assert.Single(summary.Notices));
    }

    [Fact]
    public void Write_FramesWithoutAnswer_AreRefusedByNameAndNothingIsWritten()
    {
        using var stream = new MemoryStream();

        var fault = Assert.Throws<InputFaultException>(() => SubmissionWriter.Write(stream, Read(Template), v => v == "b" ? null : [0]));

        Assert.Contains("2 videos", fault.Message);
        Assert.Contains("'b' has no predictions", fault.Message);
        Assert.Contains("'a_left' has predictions for 1 frames, but the template asks for frame 3", fault.Message);
        Assert.Equal(0, stream.Length);
    }

    [Theory]
    [InlineData("b/00001.jpg\n", "line 1: the header")]
    [InlineData("image_location,Anger,Neutral,Disgust,Fear,Happiness,Sadness,Surprise,Other\nb/00001.jpg\n", "line 1: the header")]
    [InlineData(Header, "asks for no frame")]
    [InlineData(Header + "b/1.jpg,\n", "line 2: '1.jpg' is not the number of a frame")]
    [InlineData(Header + "b/00001.png,\n", "line 2: 'b/00001.png' does not end in .jpg")]
    [InlineData(Header + "00001.jpg,\n", "line 2: '00001.jpg' has no slash")]
    [InlineData(Header + "b/00000.jpg,\n", "line 2: '00000.jpg'")]
    [InlineData(Header + "b/00001.jpg,\nb/00001.jpg,\n", "line 3: 'b/00001.jpg' is there twice")]
    public void Template_Damaged_IsRefusedByLine(string text, string says) => Assert.Contains(says, Assert.Throws<InputFaultException>(() => Read(text)).Message);

    [Theory]
    [InlineData("the header lacks a class", "Surprise,Other\n", "Other\n", 1, "the header is")]
    [InlineData("spaces in the header", "n,Neutral,Anger", "n, Neutral, Anger", 1, "the header is")]
    [InlineData("no header", Header, "", 1, "the header is 'b/00001.jpg,3'")]
    [InlineData("byte order mark", "image_location", "\uFEFFimage_location", 1, "byte order mark")]
    [InlineData("a probability row", "b/00001.jpg,3", "b/00001.jpg,0,0,0,1,0,0,0,0", 2, "it has 9 fields")]
    [InlineData("a trailing comma", "b/00002.jpg,7", "b/00002.jpg,7,", 3, "it has 3 fields")]
    [InlineData("no class", "b/00002.jpg,7", "b/00002.jpg", 3, "it has 1 fields")]
    [InlineData("class 8", "b/00002.jpg,7", "b/00002.jpg,8", 3, "the class '8'")]
    [InlineData("class -1", "b/00002.jpg,7", "b/00002.jpg,-1", 3, "the class '-1'")]
    [InlineData("class with a point", "b/00002.jpg,7", "b/00002.jpg,7.0", 3, "the class '7.0'")]
    [InlineData("class with a space", "b/00002.jpg,7", "b/00002.jpg, 7", 3, "the class ' 7'")]
    [InlineData("class by name", "b/00002.jpg,7", "b/00002.jpg,Other", 3, "the class 'Other'")]
    [InlineData("not a jpg", "b/00002.jpg", "b/00002.png", 3, "does not end in .jpg")]
    [InlineData("four digits", "b/00002.jpg", "b/0002.jpg", 3, "is not the number of a frame")]
    [InlineData("no slash", "b/00002.jpg", "b_00002.jpg", 3, "has no slash")]
    [InlineData("a frame of its own", "b/00002.jpg", "b/00003.jpg", 3, "'b/00003.jpg' is not in the template")]
    [InlineData("a row twice", "b/00002.jpg,7\n", "b/00002.jpg,7\nb/00001.jpg,3\n", 4, "is on line 2 already")]
    [InlineData("a row missing", "b/00002.jpg,7\n", "", 2, "'b/00002.jpg' of the template is missing after it")]
    [InlineData("the first row missing", "b/00001.jpg,3\n", "", 1, "'b/00001.jpg' of the template is missing")]
    [InlineData("a video missing", "a_left/00001.jpg,0\na_left/00003.jpg,1\n", "", 3, "2 rows of the template are missing after it, from 'a_left/00001.jpg' to 'a_left/00003.jpg'")]
    [InlineData("rows exchanged", "b/00001.jpg,3\nb/00002.jpg,7\n", "b/00002.jpg,7\nb/00001.jpg,3\n", 3, "out of order; the template has it before 'b/00002.jpg'")]
    [InlineData("an empty line", "b/00002.jpg,7\n", "b/00002.jpg,7\n\n", 4, "it is empty")]
    public void Validate_Damaged_IsRefusedByLine(string damage, string part, string by, int line, string says)
    {
        var damaged = Valid.Replace(part, by, StringComparison.Ordinal);
        Assert.True(damaged != Valid, damage);

        var report = Check(damaged, Template);

        Assert.False(report.IsValid);
        Assert.Contains(report.Problems, p => p.Line == line && p.Text.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_Valid_HasNoProblem()
    {
        var report = Check(Valid, Template);

        Assert.True(report.IsValid);
        Assert.Empty(report.Problems);
        Assert.Equal((4, 2), (report.Rows, report.Videos));
        Assert.True(Check(Valid.Replace("\n", "\r\n", StringComparison.Ordinal), Template).IsValid, "line ends of another system");
        Assert.True(Check(Valid, null).IsValid, "without a template");
    }

    [Fact]
    public void Validate_WithoutTemplate_StillFindsDoubleRows() =>
        Assert.Contains("'b/00001.jpg' is on line 2 already", Assert.Single(Check(Valid + "b/00001.jpg,3\n", null).Problems).Text);

    [Fact]
    public void Validate_ManyProblems_NamesTheFirstTwentyAndCountsAll()
    {
        var rows = string.Concat(Enumerable.Range(1, 50).Select(f => $"b/{f:D5}.jpg,9\n"));

        var report = Check(Header + rows, null);

        Assert.Equal(50, report.Total);
        Assert.Equal(Enumerable.Range(2, 20), report.Problems.Select(p => p.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Header)]
    public void Validate_NoRows_IsRefused(string text) => Assert.Contains(Check(text, null).Problems, p => p.Text.Contains("no row", StringComparison.Ordinal));

    [Fact]
    public void Validate_WhatWasWritten_IsValidAndAnyRemovedOrMovedRowIsNot() =>
        Gen.Select(Gen.Int[1, 30].Array[1, 6], Gen.Int, Gen.SByte[0, 7].Array[30]).Sample((lengths, seed, classes) =>
        {
            var rows = lengths.SelectMany((frames, v) => Enumerable.Range(1, frames).Select(f => $"v{v}/{f:D5}.jpg")).ToList();
            var template = Header + string.Concat(rows.Select(r => r + ",\n"));
            var (text, _) = Write(template, Enumerable.Range(0, lengths.Length).ToDictionary(v => $"v{v}", v => ImmutableArray.Create(classes)));
            Assert.True(Check(text, template).IsValid);

            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
            var at = 1 + (int)((uint)seed % rows.Count);
            var line = lines[at];
            lines.RemoveAt(at);
            Assert.Equal(1, Check(string.Join('\n', lines) + "\n", template).Total);
            if (rows.Count > 1)
            {
                lines.Insert(at == 1 ? 2 : 1, line);
                Assert.False(Check(string.Join('\n', lines) + "\n", template).IsValid);
            }
        }, iter: 200);

    private static SubmissionTemplate Read(string text) => SubmissionTemplate.Read(StreamOf(text), "template.txt");

    private static SubmissionReport Check(string text, string? template) => SubmissionValidator.Validate(StreamOf(text), "predictions.txt", template is null ? null : Read(template));

    private static (string Text, SubmissionSummary Summary) Write(string template, Dictionary<string, ImmutableArray<sbyte>> predictions)
    {
        using var stream = new MemoryStream();
        var summary = SubmissionWriter.Write(stream, Read(template), v => predictions.TryGetValue(v, out var p) ? p : null);
        return (Encoding.UTF8.GetString(stream.ToArray()), summary);
    }

    private static MemoryStream StreamOf(string text) => new(Encoding.UTF8.GetBytes(text));
}
