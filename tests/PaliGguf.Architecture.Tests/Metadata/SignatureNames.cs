using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace PaliGguf.Architecture.Tests.Metadata;

/// <summary>Adds each of the assembly's own types that a signature or an attribute names. To the decoder a type is its name.</summary>
internal sealed class SignatureNames(
    MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> own, HashSet<NamedType> names)
    : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
{
    private const string SystemType = "System.Type";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        names.Add(metadata.OutermostName(handle));
        return metadata.FullName(handle);
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)}+{name}"
            : new NamedType(metadata.GetString(type.Namespace), name).ToString();
    }

    public string GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        metadata.GetTypeSpecification(handle).DecodeSignature(this, null);

    /// <summary>A <c>typeof</c> in an attribute. Types of other assemblies carry the assembly's name, own ones do not.</summary>
    public string GetTypeFromSerializedName(string name)
    {
        Add(TypeName.Parse(name));
        return name;
    }

    /// <summary>An enumeration that is neither the assembly's own nor the core library's is taken to be of 32 bits.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(string type)
    {
        if (own.TryGetValue(type, out TypeDefinitionHandle handle))
        {
            FieldDefinition value = metadata.GetFieldDefinition(metadata.GetTypeDefinition(handle).GetFields().First());
            return Enum.Parse<PrimitiveTypeCode>(value.DecodeSignature(this, null));
        }

        Type underlying = Type.GetType(type)?.GetEnumUnderlyingType() ?? typeof(int);
        return Enum.Parse<PrimitiveTypeCode>(underlying.Name);
    }

    public string GetSystemType() => SystemType;

    public bool IsSystemType(string type) => type == SystemType;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "";

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    public string GetArrayType(string elementType, ArrayShape shape) => elementType;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    public string GetPointerType(string elementType) => elementType;

    public string GetSZArrayType(string elementType) => elementType;

    private void Add(TypeName type)
    {
        if (type.IsConstructedGenericType)
        {
            Add(type.GetGenericTypeDefinition());
            foreach (TypeName argument in type.GetGenericArguments()) Add(argument);
        }
        else if (type.IsArray || type.IsPointer || type.IsByRef)
        {
            Add(type.GetElementType());
        }
        else if (type.AssemblyName is null && own.TryGetValue(type.FullName, out TypeDefinitionHandle handle))
        {
            names.Add(metadata.OutermostName(handle));
        }
    }
}
