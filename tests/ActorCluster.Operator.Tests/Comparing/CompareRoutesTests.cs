using System.Net;
using System.Text.Json.Nodes;
using ActorCluster.Core;
using ActorCluster.Core.Labels;
using ActorCluster.Processing.Runs;
using ActorCluster.Tests;
using static ActorCluster.Core.Expression;

namespace ActorCluster.Operator.Tests.Comparing;

public sealed class CompareRoutesTests
{
    [Fact]
    public async Task Compare_TwoRuns_TellsWhereTheyDiffer()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("same", [Neutral, Neutral]), ("half", [Anger, Anger, Anger, Sadness]), ("other", [Happiness]), ("content", [Fear]));
        Add(host, "b", ("same", [Neutral, Neutral]), ("half", [Anger, Anger, Surprise, Surprise]), ("other", [Sadness]), ("alone", [Fear]));
        host.Runs.Completed["b"] = host.Runs.Completed["b"].Add(new CompletedVideo("content", "another", null));

        var json = await CompareAsync(host, "?a=a&b=b");

        Assert.Equal(("a", "lite"), (Text(json["a"]!["run"]), Text(json["a"]!["pipeline"])));
        Assert.Equal((3, 3, 7), (Int(json["common"]), Int(json["compared"]), Int(json["frames"])));
        Assert.Equal(4.0 / 7, json["agreement"]!.GetValue<double>());
        Assert.Equal(Expressions.Names, json["classes"]!.AsArray().Select(Text));
        Assert.Equal(7, json["matrix"]!.AsArray().Sum(row => row!.AsArray().Sum(Int)));
        Assert.Equal((2, 2, 1, 1, 1), (At(json, Neutral, Neutral), At(json, Anger, Anger), At(json, Anger, Surprise), At(json, Sadness, Surprise), At(json, Happiness, Sadness)));
        Assert.Equal([("other", 1, 0), ("half", 4, 0.5), ("same", 2, 1)], json["videos"]!.AsArray().Select(v => (Text(v!["video"]), Int(v["frames"]), v["agreement"]!.GetValue<double>())));
        Assert.Equal(("Anger", "Anger"), (Text(json["videos"]![1]!["a_label"]), Text(json["videos"]![1]!["b_label"])));
        Assert.Null(json["f1"]);
        Assert.Null(json["videos"]![1]!["a_f1"]);
        Assert.Equal(0, Int(json["left_out"]));
    }

    [Fact]
    public async Task Compare_WithLabels_ScoresBoth()
    {
        await using var host = await OperatorHost.StartAsync();
        var labels = Path.Combine(host.Data.Root, "labels.txt");
        await using (var file = File.Create(labels))
        {
            LabelFile.Write(file, [(sbyte)Happiness, (sbyte)Happiness, (sbyte)Sadness, LabelFile.Unlabelled]);
        }

        Add(host, "a", ("v", [Happiness, Happiness, Sadness, Fear]), ("w", [Fear]));
        Add(host, "b", ("v", [Happiness, Sadness, Sadness, Fear]), ("w", [Fear]));
        host.Runs.Completed["b"] = [.. host.Runs.Completed["b"].Select(v => v with { Labels = v.Id == "v" ? labels : Path.Combine(host.Data.Root, "missing.txt") })];

        var json = await CompareAsync(host, "?a=a&b=b");

        var f1 = json["f1"]!;
        Assert.Equal((3, 1.0, 2.0 / 3), (Int(f1["frames"]), f1["a"]!["accuracy"]!.GetValue<double>(), f1["b"]!["accuracy"]!.GetValue<double>()));
        Assert.Equal(0.25, f1["a"]!["macro_f1"]!.GetValue<double>()); // Two of eight classes are there, and right.
        Assert.Equal([0, 0, 0, 0, 2.0 / 3, 2.0 / 3, 0, 0], f1["b"]!["class_f1"]!.AsArray().Select(f => f!.GetValue<double>()));
        Assert.Equal((0.25, 2 * (2.0 / 3) / 8), (json["videos"]![0]!["a_f1"]!.GetValue<double>(), json["videos"]![0]!["b_f1"]!.GetValue<double>()));
        Assert.Contains("w is not scored", Text(Assert.Single(json["notices"]!.AsArray())));
    }

    [Fact]
    public async Task Compare_WhatCannotBeCompared_IsToldAndNotGuessed()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("longer", [Fear, Fear, Fear]), ("gone", [Fear]), ("damaged", [Fear]), ("good", [Fear]));
        Add(host, "b", ("longer", [Fear, Fear]), ("gone", [Fear]), ("damaged", [Fear]), ("good", [Fear]));
        File.Delete(host.Data.Run("b").PredictionCsv("gone"));
        await File.WriteAllTextAsync(host.Data.Run("a").PredictionCsv("damaged"), "frame\n");

        var json = await CompareAsync(host, "?a=a&b=b");

        Assert.Equal((4, 4, 1, 3), (Int(json["common"]), Int(json["compared"]), Int(json["frames"]), Int(json["left_out"])));
        Assert.Equal(["good"], json["videos"]!.AsArray().Select(v => Text(v!["video"])));
        Assert.Equal(
            ["It has 3 frames in run 'a' and 2 in run 'b': which of them are the same cannot be told.", "Its predictions are not in the folder of run 'b'."],
            json["left_out_videos"]!.AsArray().Take(2).Select(v => Text(v!["why"])));
        Assert.StartsWith("Its predictions in run 'a' cannot be read", Text(json["left_out_videos"]![2]!["why"]));
    }

    [Fact]
    public async Task Compare_RunHasGrown_KeepsWhatIsStillSo()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("first", [Fear]), ("second", [Anger]));
        Add(host, "b", ("second", [Fear]));
        Assert.Equal(1, Int((await CompareAsync(host, "?a=a&b=b"))["frames"]));
        File.Delete(host.Data.Run("a").PredictionCsv("second")); // Were it read again, it would be left out.

        Add(host, "b", ("first", [Fear]), ("second", [Fear]));
        var grown = await CompareAsync(host, "?a=a&b=b");

        Assert.Equal((2, 2, 2, 0), (Int(grown["common"]), Int(grown["compared"]), Int(grown["frames"]), Int(grown["left_out"])));
    }

    [Fact]
    public async Task Compare_VideoDoneAgainWithOtherContent_ForgetsWhatItKnew()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("v", [Fear]));
        Add(host, "b", ("v", [Fear]));
        Assert.Equal(1.0, (await CompareAsync(host, "?a=a&b=b"))["agreement"]!.GetValue<double>());

        Add(host, "a", ("v", [Anger]), ("w", [Anger]));
        Add(host, "b", ("v", [Fear]), ("w", [Anger]));
        foreach (var run in (string[])["a", "b"])
        {
            host.Runs.Completed[run] = [.. host.Runs.Completed[run].Select(v => v with { ContentHash = "new " + v.ContentHash })];
        }

        var again = await CompareAsync(host, "?a=a&b=b");
        Assert.Equal((2, 0.5), (Int(again["frames"]), again["agreement"]!.GetValue<double>()));
    }

    [Fact]
    public async Task Compare_RunOfTheSameNameBegunAnew_ForgetsWhatItKnew()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("v", [Fear]));
        Add(host, "b", ("v", [Fear]));
        await CompareAsync(host, "?a=a&b=b");

        Add(host, "b", ("v", [Anger]));
        host.Runs.Runs["b"] = host.Runs.Runs["b"] with { StartedAt = 2 };

        Assert.Equal(0.0, (await CompareAsync(host, "?a=a&b=b"))["agreement"]!.GetValue<double>());
    }

    [Fact]
    public async Task Compare_ManyPages_GivesEachOnce()
    {
        await using var host = await OperatorHost.StartAsync();
        (string, Expression[])[] videos = [.. Enumerable.Range(0, 12).Select(i => ($"v{i:00}", Enumerable.Repeat(Fear, 12).ToArray()))];
        Add(host, "a", videos);
        Add(host, "b", [.. videos.Select((v, i) => (v.Item1, v.Item2.Select((label, frame) => frame < i ? Anger : label).ToArray()))]);

        var first = await CompareAsync(host, "?a=a&b=b&skip=0&take=5");
        var second = await CompareAsync(host, "?a=a&b=b&skip=5&take=500");

        Assert.Equal(
            ["v11", "v10", "v09", "v08", "v07", "v06", "v05", "v04", "v03", "v02", "v01", "v00"],
            first["videos"]!.AsArray().Concat(second["videos"]!.AsArray()).Select(v => Text(v!["video"])));
    }

    [Theory]
    [InlineData("", "a: must be a run's name")]
    [InlineData("?a=a", "b: must be a run's name")]
    [InlineData("?a=../x&b=b", "a: must be a run's name")]
    [InlineData("?a=a&b=b&take=501", "take: '501' is no whole number from 0 to 500")]
    [InlineData("?a=a&b=b&skip=-1", "skip: '-1' is no whole number")]
    public async Task Compare_WrongQuery_IsRefused(string query, string says)
    {
        await using var host = await OperatorHost.StartAsync();
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.GetAsync("/v1/compare" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>());
        Assert.Equal(0, host.Runs.Looks);
    }

    [Fact]
    public async Task Compare_UnknownRun_IsNotFoundWithTheNearest()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "spring", ("v", [Fear]));
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.GetAsync("/v1/compare?a=spring&b=sprng");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("There is no run 'sprng'. The nearest: spring.", JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Compare_StoreGone_IsUnavailable()
    {
        await using var host = await OperatorHost.StartAsync();
        Add(host, "a", ("v", [Fear]));
        Add(host, "b", ("v", [Fear]));
        File.Delete(host.Data.Marker);
        using var http = new HttpClient { BaseAddress = host.Address };

        using var response = await http.GetAsync("/v1/compare?a=a&b=b");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    /// <summary>Gives a run completed videos with real prediction files; the same id has the same content in every run.</summary>
    private static void Add(OperatorHost host, string run, params (string Id, Expression[] Labels)[] videos)
    {
        foreach (var (id, labels) in videos)
        {
            Predictions.Write(host.Data.Run(run), id, Predictions.Of(labels));
        }

        host.Runs.Completed[run] = [.. videos.Select(v => new CompletedVideo(v.Id, "content of " + v.Id, null))];
        host.Runs.Runs[run] = HandWrittenRuns.Progress(run, registered: videos.Length, completed: videos.Length) with { Pipeline = "lite", StartedAt = 1 };
    }

    private static async Task<JsonNode> CompareAsync(OperatorHost host, string query)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var response = await http.GetAsync("/v1/compare" + query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static int At(JsonNode json, Expression a, Expression b) => Int(json["matrix"]![(int)a]![(int)b]);

    private static int Int(JsonNode? node) => node!.GetValue<int>();

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
