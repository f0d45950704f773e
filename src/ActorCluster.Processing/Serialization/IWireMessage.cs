namespace ActorCluster.Processing.Serialization;

/// <summary>Marks a message, event or snapshot that may leave the process or be stored; binds it to <see cref="MessageSerializer"/>.</summary>
public interface IWireMessage;
