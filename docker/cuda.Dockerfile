# syntax=docker/dockerfile:1
# A node on an NVIDIA GPU. Build it in the root of the repository:
#   docker build -f docker/cuda.Dockerfile -t actorcluster:cuda .
# The host needs the NVIDIA Container Toolkit and a driver for CUDA 12.8 or later.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# Adds the host of Petabridge.Cmd, for its own pbm at 127.0.0.1:9111; false where its packages cannot be restored.
ARG PETABRIDGE_CMD=true
WORKDIR /source
COPY . .
# No locked restore: the lock files describe the build with libtorch for CPUs.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/ActorCluster.Node -c Release -o /app -p:TorchBackend=cuda -p:PetabridgeCmd=$PETABRIDGE_CMD && \
    # Native libraries of other systems stay behind.
    find /app/runtimes -mindepth 1 -maxdepth 1 ! -name linux-x64 ! -name linux ! -name unix -exec rm -rf {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS dotnet

# With cuDNN, cuBLAS and the rest of CUDA's run-time libraries: which of them libtorch's package carries is its own affair.
FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates ffmpeg libssl3t64 libstdc++6 tzdata && \
    rm -rf /var/lib/apt/lists/* && \
    # The same user as in the CPU image, so that both can write one shared folder.
    groupadd --gid 1654 app && useradd --no-log-init --uid 1654 --gid 1654 --create-home app && \
    # A new volume takes over this folder's owner.
    install -d -o 1654 -g 1654 /data
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
COPY --from=build /app /app
COPY --chmod=755 docker/healthcheck.sh /app/healthcheck.sh
ENV DOTNET_ROOT=/usr/share/dotnet PATH=/app:$PATH
WORKDIR /data
USER 1654:1654
EXPOSE 4053 9110
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["/app/healthcheck.sh"]
ENTRYPOINT ["/app/actorcluster"]
CMD ["node"]
