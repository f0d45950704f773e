using System.Security.Cryptography.X509Certificates;
using ActorCluster.Core.Faults;
using ActorCluster.Processing.Hosting;
using ActorCluster.Tests;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace ActorCluster.Processing.Tests.Hosting;

/// <summary>Who may join a cluster and what may be sent to a node, over real connections between actor systems.</summary>
public sealed class RemoteSecurityTests
{
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StayOutFor = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Join_CertificateOfTheClustersAuthority_IsTaken()
    {
        using var authority = new TestCertificates();
        await using var first = await Member.FoundAsync(TlsOf(authority, "first"));
        await using var second = await Member.StartAsync(TlsOf(authority, "second"));

        await second.JoinAsync(first, JoinWithin);

        await Soon.Async(() => first.Members == 2 && second.Members == 2);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("another authority's")]
    [InlineData("an expired one")]
    public async Task Join_WithoutARightCertificate_StaysOut(string certificate)
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates("authority");
        await using var first = await Member.FoundAsync(TlsOf(authority, "first"));
        // A node would refuse to start with a certificate that its own authority does not accept: this one believes whom it likes.
        var (file, key) = certificate == "an expired one" ? authority.Issue("late", isExpired: true) : other.Issue("foreign");
        await using var second = certificate == "none"
            ? await Member.StartAsync(null)
            : await Member.StartAsync(new NodeTls(file, key, authority.Authorities), believes: true);

        await Assert.ThrowsAnyAsync<Exception>(() => second.JoinAsync(first, StayOutFor));

        Assert.Equal(1, first.Members);
    }

    [Fact]
    public void Setup_CertificateOfAnotherAuthority_IsRefusedAtStart()
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates("other");
        var (certificate, key) = other.Issue();

        var e = Assert.Throws<EnvironmentFaultException>(() => new NodeTls(certificate, key, authority.Authorities).Setup());

        Assert.Contains("is not signed by", e.Message);
    }

    [Fact]
    public void Setup_KeyOfAnotherCertificate_IsRefusedAtStart()
    {
        using var authority = new TestCertificates();

        var e = Assert.Throws<EnvironmentFaultException>(() => new NodeTls(authority.Issue("a").Certificate, authority.Issue("b").Key, authority.Authorities).Setup());

        Assert.Contains("tls.certificate, tls.key and tls.ca", e.Message);
    }

    [Fact]
    public async Task Send_UnknownType_IsNeitherDeliveredNorMade()
    {
        await using var strict = await Member.FoundAsync(null);
        var box = strict.System.ActorOf(Props.Create(() => new Mailbox()), "mailbox");
        using var lax = ActorSystem.Create("lax", ConfigurationFactory.ParseString(
            """
            akka.loglevel = ERROR
            akka.stdout-loglevel = OFF
            akka.actor.provider = remote
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            """));
        var there = await lax.ActorSelection(box.Path.ToStringWithAddress(strict.Address)).ResolveOne(JoinWithin);
        there.Tell("before");
        there.Tell(new Uninvited());
        there.Tell("after");

        await Soon.Async(() => Mailbox.Texts(box) is [.., "after"]);

        Assert.Equal(["before", "after"], Mailbox.Texts(box));
        Assert.Equal(1, Uninvited.Made);
        await lax.Terminate();
    }

    private static NodeTls TlsOf(TestCertificates authority, string name)
    {
        var (certificate, key) = authority.Issue(name);
        return new NodeTls(certificate, key, authority.Authorities);
    }

    /// <summary>Counts how often one is made: by its sender, and by whoever turns bytes into one.</summary>
    public sealed class Uninvited
    {
        private static int _made;

        public Uninvited() => Interlocked.Increment(ref _made);

        public static int Made => Volatile.Read(ref _made);
    }

    /// <summary>Keeps the names of what it gets.</summary>
    private sealed class Mailbox : ReceiveActor
    {
        public Mailbox()
        {
            var got = new List<string>();
            Receive<Ask>(_ => Sender.Tell(got.ToArray()));
            ReceiveAny(message => got.Add(message as string ?? message.GetType().Name));
        }

        public static string[] Texts(IActorRef box) => box.Ask<string[]>(new Ask(), JoinWithin).GetAwaiter().GetResult();

        private sealed record Ask;
    }

    /// <summary>An actor system as a node has it.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly TempData _data;

        private Member(TempData data, ActorSystem system) => (_data, System, Cluster) = (data, system, Akka.Cluster.Cluster.Get(system));

        public ActorSystem System { get; }

        public Address Address => Cluster.SelfAddress;

        public int Members => Cluster.State.Members.Count(m => m.Status == MemberStatus.Up);

        private Akka.Cluster.Cluster Cluster { get; }

        /// <summary>Starts one.</summary>
        /// <param name="tls">Its certificate.</param>
        /// <param name="believes">Whether it takes any certificate, its own included.</param>
        public static async Task<Member> StartAsync(NodeTls? tls, bool believes = false)
        {
            var data = new TempData();
            var state = new SqliteStateStore(data.Data);
            await state.PrepareAsync(CancellationToken.None);
            var settings = new NodeSettings { Tls = tls };
            var setup = believes
                ? BootstrapSetup.Create().WithConfig(NodeConfiguration.Of(settings, state)).And(
                    new DotNettySslSetup(X509Certificate2.CreateFromPemFile(tls!.Certificate, tls.Key), false, true, (_, _, _, _, _) => true))
                : NodeConfiguration.SetupOf(settings, state);
            return new Member(data, ActorSystem.Create(NodeConfiguration.SystemName, setup));
        }

        /// <summary>Founds a cluster.</summary>
        public static async Task<Member> FoundAsync(NodeTls? tls)
        {
            var member = await StartAsync(tls);
            await member.Cluster.JoinAsync(member.Address);
            return member;
        }

        public async Task JoinAsync(Member seed, TimeSpan within)
        {
            using var limit = new CancellationTokenSource(within);
            await Cluster.JoinSeedNodesAsync([seed.Address], limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await System.Terminate();
            _data.Dispose();
        }
    }
}
