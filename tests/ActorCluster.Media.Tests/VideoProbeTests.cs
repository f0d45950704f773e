using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorCluster.Core.Faults;

namespace ActorCluster.Media.Tests;

public sealed class VideoProbeTests
{
    [Fact]
    public async Task ProbeAsync_RealClip_TellsAll()
    {
        var path = VideoKinds.Path("2997.mp4");
        var info = await FrameHashes.Probe(path);
        Assert.Equal((160, 120, "h264", 0, 90), (info.Width, info.Height, info.Codec, info.StreamIndex, info.Timeline.Count));
        Assert.Equal(1001 / 30000.0, info.Timeline.SecondsAt(1) - info.Timeline.SecondsAt(0), 9);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))), info.ContentHash);
        Assert.Equal(FileStamp.Of(path), info.Stamp);
        Assert.Empty(info.Warnings);
    }

    [Fact]
    public async Task ProbeAsync_TimesFromDecoding_WarnsWhy() =>
        Assert.Contains("have no timestamp", Assert.Single((await FrameHashes.Probe(VideoKinds.Path("asp.avi"))).Warnings), StringComparison.Ordinal);

    public static TheoryData<string, string> BadFiles => new()
    {
        { "missing", "There is no such file" },
        { "folder", "It is a folder" },
        { "fifo", "It is a named pipe" },
        { "device", "It is a device" },
        { "denied", "There is no permission to read the file" },
        { "empty", "The file is empty (0 bytes)" },
        { "text", "not a video container" },
        { "playlist", "play list" },
        { "concat", "play list" },
        { "no moov", "no index (moov atom)" },
        { "audio only", "audio only" },
        { "cover art", "attached" },
        { "subtitles only", "no video stream" },
        { "no frames", "no frames" },
        { "no frames at all", "ends before its first frame" },
        { "encrypted", "encrypted" },
        { "100000x1", "100000x1 pixels cannot be read" },
        { "below a file", "There is no such file" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task ProbeAsync_BadFile_IsTheInputsFaultWithItsCause(string kind, string cause)
    {
        var fault = await Assert.ThrowsAsync<InputFaultException>(() => FrameHashes.Probe(BadFile(kind)));
        Assert.Equal("probe", fault.Stage);
        Assert.Contains(cause, fault.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbeAsync_ClaimOfFortyHours_DoesNotMatter()
    {
        var path = SampleVideos.NewPath("forty.mp4");
        var bytes = await File.ReadAllBytesAsync(VideoKinds.Path("cg.mp4"));
        var header = bytes.AsSpan().IndexOf("mvhd"u8);
        var scale = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(header + 16));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(header + 20), scale * 40 * 3600);
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Contains("144000", SampleVideos.Run("ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]), StringComparison.Ordinal);
        Assert.Equal(90, (await FrameHashes.Probe(path)).Timeline.Count);
    }

    [Theory]
    [InlineData("quote\"s and 'more'.mp4")]
    [InlineData("a space.mp4")]
    [InlineData("new\nline.mp4")]
    [InlineData("frame%03d.mp4")]
    [InlineData("-i.mp4")]
    [InlineData("concat:a|b.mp4")]
    [InlineData("http:__x.mp4")]
    [InlineData("$(touch x);`y`.mp4")]
    [InlineData("back\\slash,semi;colon=[0:v].mp4")]
    [InlineData("видео 🎬.mp4")]
    public async Task ProbeAsync_AnyName_IsJustAName(string name)
    {
        var path = SampleVideos.NewPath(name);
        File.Copy(VideoKinds.Path("cg.mp4"), path);
        var info = await FrameHashes.Probe(path);
        Assert.Equal(path, info.Path);
        using var reader = FrameReader.Open(SampleVideos.Tools, info, info.Timeline.Pts[0], info.Timeline.Pts[5], info.Width, info.Height, null, CancellationToken.None);
        Assert.Equal(5, FrameHashes.Read(reader, info).Count);
    }

    [Fact]
    public async Task ProbeAsync_RelativePath_GivesTheFullOne()
    {
        var path = VideoKinds.Path("cg.mp4");
        Assert.Equal(path, (await FrameHashes.Probe(Path.GetRelativePath(Environment.CurrentDirectory, path))).Path);
    }

    [Fact]
    public async Task ProbeAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new VideoProbe(SampleVideos.Tools).ProbeAsync(VideoKinds.Path("cg.mp4"), cancelled.Token));
    }

    private static string BadFile(string kind)
    {
        var path = SampleVideos.NewPath("video.mp4");
        var good = VideoKinds.Path("cg.mp4");
        switch (kind)
        {
            case "missing":
                break;
            case "below a file":
                return Path.Combine(good, "video.mp4");
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "fifo":
                SampleVideos.Run("mkfifo", [path]);
                break;
            case "device":
                return "/dev/zero";
            case "denied":
                return Denied(path);
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "text":
                File.WriteAllText(path, string.Concat(Enumerable.Repeat("This is not a video.\n", 100)));
                break;
            case "playlist":
                File.WriteAllText(path, $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile:{VideoKinds.Path("cg.ts")}\n#EXT-X-ENDLIST\n");
                break;
            case "concat":
                File.WriteAllText(path, $"ffconcat version 1.0\nfile '{good}'\n");
                break;
            case "no moov":
                File.WriteAllBytes(path, File.ReadAllBytes(good)[..20000]);
                break;
            case "audio only":
                return SampleVideos.Make("audio.mp4", "-f lavfi -i sine=duration=1 -c:a aac");
            case "cover art":
                var cover = SampleVideos.Make("cover.png", "-f lavfi -i color=red:size=64x64 -frames:v 1");
                return SampleVideos.Make("cover.mp4", $"-f lavfi -i sine=duration=1 -i {cover} -map 0 -map 1 -c:a aac -c:v png -disposition:v attached_pic");
            case "subtitles only":
                var text = SampleVideos.NewPath("s.srt");
                File.WriteAllText(text, "1\n00:00:00,000 --> 00:00:01,000\nHello\n");
                return SampleVideos.Make("subtitles.mkv", $"-i {text} -c:s srt");
            case "no frames":
                return SampleVideos.Make("none.mkv", $"-i {good} -f lavfi -i sine=duration=1 -map 0:v -map 1:a -c:v copy -bsf:v noise=drop=1 -c:a aac");
            case "no frames at all":
                return SampleVideos.Make("nothing.mkv", "-f lavfi -i testsrc2=duration=1 -c:v libx264 -frames:v 0");
            case "encrypted":
                return SampleVideos.Make("encrypted.mp4", $"-i {good} -c copy -encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff -encryption_kid 00112233445566778899aabbccddeeff");
            case "100000x1":
                return SampleVideos.Make("wide.nut", "-f rawvideo -pixel_format gray -video_size 100000x1 -i /dev/zero -frames:v 1 -c:v rawvideo");
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown");
        }

        return path;
    }

    private static string Denied(string path)
    {
        // Permission bits do not stop root; this file of the kernel's can be written only, by anyone.
        if (Environment.UserName == "root")
        {
            return "/proc/sys/vm/drop_caches";
        }

        File.WriteAllBytes(path, Encoding.ASCII.GetBytes("x"));
        SampleVideos.Run("chmod", ["000", path]);
        return path;
    }
}
