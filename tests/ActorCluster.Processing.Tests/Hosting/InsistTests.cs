using ActorCluster.Processing.Hosting;
using Akka.TestKit;

namespace ActorCluster.Processing.Tests.Hosting;

public sealed class InsistTests : ActorTest
{
    [Fact]
    public async Task InsistAsync_FirstQuestionIsLost_AsksAgain()
    {
        var actor = CreateTestProbe();
        var answer = ClusterNode.InsistAsync<string>(actor, "question");

        await actor.ExpectMsgAsync("question", Deadline);
        await actor.ExpectMsgAsync("question", Deadline);
        actor.Reply("answer");

        Assert.Equal("answer", await answer.WaitAsync(Deadline));
    }
}
