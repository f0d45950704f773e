using System.Net;
using ActorCluster.Core.Formats;
using Microsoft.AspNetCore.Http;

namespace ActorCluster.Operator;

/// <summary>What a request asks for behind the question mark. What is empty counts as not given.</summary>
internal sealed class ApiQuery
{
    private const int LongestText = 1024;
    private readonly IQueryCollection _values;

    /// <summary>Takes a request's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The names that it may have.</param>
    /// <exception cref="OperatorRoutes.RefusedException">It has another one, or one twice.</exception>
    public ApiQuery(HttpRequest request, params string[] known)
    {
        _values = request.Query;
        foreach (var (name, values) in _values)
        {
            if (!known.Contains(name))
            {
                var nearest = NearestNames.Find(name, known);
                throw Wrong($"There is no parameter '{Shorten(name)}'{(nearest is [var one] ? $"; the nearest is '{one}'" : "")}. Parameters: {string.Join(", ", known)}.");
            }

            if (values.Count > 1 || values.ToString().Length > LongestText)
            {
                throw Wrong($"{name}: Give it once, with at most {LongestText} characters.");
            }
        }
    }

    /// <summary>A text; null where it is not given.</summary>
    public string? Text(string name) => _values[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">What it is where it is not given.</param>
    /// <param name="greatest">The greatest; the least is 0.</param>
    public int Number(string name, int otherwise, int greatest = int.MaxValue)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number <= greatest
            ? number
            : throw Wrong($"{name}: '{Shorten(text)}' is no whole number from 0 to {greatest}.");
    }

    /// <summary>One of some words, as JSON writes the enumeration.</summary>
    /// <param name="name">Its name.</param>
    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (Word(value) == text)
            {
                return value;
            }
        }

        throw Wrong($"{name}: '{Shorten(text)}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Word))}.");
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>As much of what somebody has typed as a message may repeat.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    /// <summary>The refusal of a wrong parameter.</summary>
    public static OperatorRoutes.RefusedException Wrong(string detail) => new("Wrong request", HttpStatusCode.BadRequest, detail);
}
