namespace ActorCluster.Node.Tests.Scoring;

public sealed class SubmissionCommandTests : IDisposable
{
    private const string Header = "image_location,Neutral,Anger,Disgust,Fear,Happiness,Sadness,Surprise,Other\n";

    private readonly Sandbox _sandbox = new();
    private readonly string _template;
    private readonly string _predictions;
    private readonly string _output;

    public SubmissionCommandTests()
    {
        _template = _sandbox.InFolder("template.txt");
        _output = _sandbox.InFolder("predictions.txt");
        _predictions = Directory.CreateDirectory(_sandbox.InFolder("predictions")).FullName;
        File.WriteAllText(_template, Header + "b/00001.jpg,,,,,,,,\r\nb/00002.jpg,,,,,,,,\r\na_left/00002.jpg,,,,,,,,\r\n");
        File.WriteAllText(Path.Combine(_predictions, "b.csv"), "frame,label\n1,Fear\n2,Other\n");
        File.WriteAllText(Path.Combine(_predictions, "a_left.txt"), "0\n1\n2\n");
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Write_ThenValidate_AnswersTheTemplateAndIsValid()
    {
        (await WriteAsync()).Expect(0);

        Assert.Equal(Header + "b/00001.jpg,3\nb/00002.jpg,7\na_left/00002.jpg,1\n", await File.ReadAllTextAsync(_output));
        Assert.Contains("is valid: 3 rows of 2 videos", (await ValidateAsync()).Expect(0).Output);
    }

    [Fact]
    public async Task Write_VideoWithoutPredictions_IsRefusedByNameAndLeavesNoFile()
    {
        File.Delete(Path.Combine(_predictions, "a_left.txt"));

        Assert.Contains("'a_left' has no predictions", (await WriteAsync()).Expect(2).Error);
        Assert.False(File.Exists(_output));
        Assert.Empty(Directory.EnumerateFiles(_sandbox.Root, "*.tmp"));
    }

    [Fact]
    public async Task Validate_DamagedRows_NamesEachWithItsLineAndExitsWithOne()
    {
        await File.WriteAllTextAsync(_output, Header + "b/00002.jpg,7\nb/00001.jpg,8\nc/00001.jpg,1\n");

        var result = (await ValidateAsync()).Expect(1);

        Assert.Contains("line 3: 'b/00001.jpg' is out of order", result.Error);
        Assert.Contains("line 4: 'c/00001.jpg' is not in the template", result.Error);
        Assert.Contains("line 2: 'a_left/00002.jpg' of the template is missing", result.Error);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Validate_NoFile_IsRefused() => Assert.Contains("There is no file", (await ValidateAsync()).Expect(2).Error);

    private Task<ProcessResult> WriteAsync() => ActorClusterProcess.RunAsync(["submission", "write", "--template", _template, "--predictions", _predictions, "--output", _output]);

    private Task<ProcessResult> ValidateAsync() => ActorClusterProcess.RunAsync(["submission", "validate", _output, "--template", _template]);
}
