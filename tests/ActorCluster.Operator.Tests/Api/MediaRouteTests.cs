using System.Net;
using System.Net.Http.Headers;

namespace ActorCluster.Operator.Tests.Api;

public sealed class MediaRouteTests : ApiTest
{
    private static readonly byte[] Mp4 = [0, 0, 0, 24, .. "ftypisom"u8, .. Enumerable.Range(0, 988).Select(i => (byte)i)];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorcluster-media-");

    [Theory]
    [InlineData("00000018667479706d703432", "video/mp4")]
    [InlineData("1a45dfa39f4286810142f7810142f2810442f381084282847765626d", "video/webm")]
    [InlineData("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61", "video/x-matroska")]
    [InlineData("524946460000000041564920", "video/x-msvideo")]
    [InlineData("524946460000000057415645", "application/octet-stream")]
    [InlineData("3c68746d6c3e3c7363726970743e616c6572742831293c2f7363726970743e", "application/octet-stream")]
    [InlineData("00", "application/octet-stream")]
    public async Task Media_AnyContainer_IsTypedByItsContent(string beginning, string type)
    {
        Add(WildId, uri: Write("clip.html", Convert.FromHexString(beginning)));

        using var response = await Http.GetAsync(Video(WildId, "/media"));

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal(beginning, Convert.ToHexStringLower(await response.Content.ReadAsByteArrayAsync()));
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["same-origin"], response.Headers.GetValues("Cross-Origin-Resource-Policy"));
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=990-", 990, 10)]
    [InlineData("bytes=-5", 995, 5)]
    [InlineData("bytes=990-5000", 990, 10)]
    public async Task Media_Range_IsSentAlone(string range, int from, int length)
    {
        Add("a", uri: Write("a.mp4", Mp4));

        using var response = await AskAsync(r => r.Headers.TryAddWithoutValidation("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Mp4.AsSpan(from, length).ToArray(), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes {from}-{from + length - 1}/1000", response.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=5000-6000")]
    [InlineData("bytes=-0")]
    public async Task Media_RangeBeyondTheEnd_CannotBeSatisfied(string range)
    {
        Add("a", uri: Write("a.mp4", Mp4));

        using var response = await AskAsync(r => r.Headers.TryAddWithoutValidation("Range", range));

        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, "bytes */1000"), (response.StatusCode, response.Content.Headers.ContentRange!.ToString()));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-0,5-6,10-20")]
    [InlineData("bytes=9-3")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=99999999999999999999-")]
    public async Task Media_RangeThatIsNone_IsTheWholeFile(string range)
    {
        Add("a", uri: Write("a.mp4", Mp4));

        using var response = await AskAsync(r => r.Headers.TryAddWithoutValidation("Range", range));

        Assert.Equal((HttpStatusCode.OK, 1000L), (response.StatusCode, response.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Media_Head_TellsItsLengthAndThatRangesAreServed()
    {
        Add("a", uri: Write("a.mp4", Mp4));

        using var response = await AskAsync(r => r.Method = HttpMethod.Head);

        Assert.Equal((HttpStatusCode.OK, 1000L, "bytes"), (response.StatusCode, response.Content.Headers.ContentLength, response.Headers.AcceptRanges.Single()));
    }

    [Fact]
    public async Task Media_KnownAlready_IsNotSentAgain()
    {
        Add("a", uri: Write("a.mp4", Mp4));
        using var first = await AskAsync(_ => { });

        using var same = await AskAsync(r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var part = await AskAsync(r => (r.Headers.Range, r.Headers.IfRange) = (new RangeHeaderValue(0, 9), new RangeConditionHeaderValue(first.Headers.ETag!)));
        using var whole = await AskAsync(r => (r.Headers.Range, r.Headers.IfRange) = (new RangeHeaderValue(0, 9), new RangeConditionHeaderValue("\"another\"")));
        using var failed = await AskAsync(r => r.Headers.IfMatch.Add(new EntityTagHeaderValue("\"another\"")));

        Assert.Equal(
            [HttpStatusCode.NotModified, HttpStatusCode.PartialContent, HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], new[] { same, part, whole, failed }.Select(r => r.StatusCode));
    }

    [Fact]
    public async Task Media_ChangedSinceItWasRegistered_IsNotSent()
    {
        var path = Write("a.mp4", Mp4);
        Add("a", uri: path);
        Runs.Stamps["a"] = (1000, File.GetLastWriteTimeUtc(path).Ticks - 1);

        Assert.Contains("has changed since it was registered", (await GetAsync(Video("a", "/media"))).Json["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task Media_ReplacedByALinkToAnotherFile_IsNotSent()
    {
        var (path, secret) = (Write("a.mp4", Mp4), Write("secret", [.. "root:x:0"u8]));
        Add("a", uri: path);
        Runs.Stamps["a"] = (1000, File.GetLastWriteTimeUtc(path).Ticks);
        File.Delete(path);
        File.CreateSymbolicLink(path, secret);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(Video("a", "/media"))).Status);
    }

    [Fact]
    public async Task Media_LinkThatWasRegistered_IsFollowed()
    {
        var path = Path.Combine(_folder.FullName, "link.mp4");
        File.CreateSymbolicLink(path, Write("a.mp4", Mp4));
        Add("a", uri: path);

        using var response = await AskAsync(_ => { });

        Assert.Equal(Mp4, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/")]
    [InlineData("/nowhere/at-all.mp4")]
    public async Task Media_WhatIsNoFile_IsNotSent(string uri)
    {
        Add("a", uri: uri);
        Runs.Stamps["a"] = (0, new FileInfo(uri).LastWriteTimeUtc.Ticks);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(Video("a", "/media"))).Status);
    }

    [Fact]
    public async Task Media_FileThatWasNotThereAtRegistration_IsNotSent()
    {
        Add("a", uri: Write("a.mp4", Mp4));
        Runs.Stamps["a"] = (-1, 0);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(Video("a", "/media"))).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Media_OtherMethod_IsNotThere(string method)
    {
        Add("a", uri: Write("a.mp4", Mp4));

        using var response = await AskAsync(r => r.Method = new HttpMethod(method));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private async Task<HttpResponseMessage> AskAsync(Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Video("a", "/media"));
        change(request);
        return await Http.SendAsync(request);
    }
}
