using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace ActorCluster.Processing.Tests.Serialization;

/// <summary>What a record's wire form is made of: its constructor's parameters.</summary>
internal static class WireShape
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static ConstructorInfo ConstructorOf(Type record) =>
        record.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Single(c => c.GetParameters() is not [{ } only] || only.ParameterType != record);

    public static bool IsOptional(ParameterInfo parameter)
    {
        lock (Nullability)
        {
            return Nullability.Create(parameter).ReadState == NullabilityState.Nullable;
        }
    }

    public static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    public static bool IsRecord(Type type) => type.Assembly == typeof(ActorCluster.Processing.Hosting.ClusterNode).Assembly && type is { IsEnum: false, IsClass: true };

    /// <summary>Where two values differ, field by field and element by element; null where they agree.</summary>
    public static string? Difference(object? expected, object? actual, string path = "")
    {
        if (expected is null || actual is null || expected.GetType() != actual.GetType())
        {
            return expected is null && actual is null ? null : $"{path}: {expected ?? "null"} became {actual ?? "null"}";
        }

        if (IsRecord(expected.GetType()))
        {
            return ConstructorOf(expected.GetType()).GetParameters()
                .Select(p => expected.GetType().GetProperty(p.Name!)!)
                .Select(p => Difference(p.GetValue(expected), p.GetValue(actual), $"{path}.{p.Name}"))
                .FirstOrDefault(d => d is not null);
        }

        if (expected is IEnumerable items and not string)
        {
            var (left, right) = (items.Cast<object?>().ToList(), ((IEnumerable)actual).Cast<object?>().ToList());
            return left.Count != right.Count
                ? $"{path}: {left.Count} elements became {right.Count}"
                : left.Select((item, i) => Difference(item, right[i], $"{path}[{i}]")).FirstOrDefault(d => d is not null);
        }

        return expected.Equals(actual) ? null : $"{path}: {expected} became {actual}";
    }

    /// <summary>Fields that still have the value that protobuf leaves out.</summary>
    public static IEnumerable<string> DefaultFields(object? value, string path)
    {
        switch (value)
        {
            case null or 0 or 0L or 0.0 or false or "":
                return [path];
            case string:
                return [];
            case IEnumerable items:
                var elements = items.Cast<object?>().ToList();
                return elements.Count == 0 ? [path] : elements.Where(e => e is not byte).SelectMany((e, i) => DefaultFields(e, $"{path}[{i}]"));
            case Enum e:
                return Convert.ToInt64(e, null) == 0 ? [path] : [];
            case { } record when IsRecord(record.GetType()):
                return ConstructorOf(record.GetType()).GetParameters()
                    .SelectMany(p => DefaultFields(record.GetType().GetProperty(p.Name!)!.GetValue(record), $"{path}.{p.Name}"));
            default:
                return [];
        }
    }
}
