# syntax=docker/dockerfile:1
# A node on CPUs. Build it in the root of the repository:
#   docker build -f docker/cpu.Dockerfile -t actorcluster:cpu .
# For linux/amd64 only: libtorch for .NET comes for no other Linux.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet restore src/ActorCluster.Node --locked-mode && \
    dotnet publish src/ActorCluster.Node -c Release --no-restore -o /app && \
    # Native libraries of other systems stay behind.
    find /app/runtimes -mindepth 1 -maxdepth 1 ! -name linux-x64 ! -name linux ! -name unix -exec rm -rf {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg && \
    rm -rf /var/lib/apt/lists/* && \
    # A new volume takes over this folder's owner.
    install -d -o 1654 -g 1654 /data
COPY --from=build /app /app
COPY --chmod=755 docker/healthcheck.sh /app/healthcheck.sh
ENV PATH=/app:$PATH
WORKDIR /data
# The user "app" of the base image, by number, so that Kubernetes can tell that it is not root.
USER 1654:1654
EXPOSE 4053 9110
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/app/healthcheck.sh"]
ENTRYPOINT ["/app/actorcluster"]
CMD ["node"]
